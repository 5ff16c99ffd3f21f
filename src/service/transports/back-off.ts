/** What went wrong with a connection attempt, as far as waiting is concerned. */
export type ConnectFailure = 'authentication' | 'host-key' | 'network';

// Sites ban an address after some refused logins; a network comes back by itself; a host key is
// accepted by a person, who then tries again at once.
const WAITS: Record<ConnectFailure, { firstMs: number; lastMs: number }> = {
  authentication: { firstMs: 15_000, lastMs: 300_000 },
  'host-key': { firstMs: 1000, lastMs: 1000 },
  network: { firstMs: 1000, lastMs: 30_000 }
};

/** How long to wait after the `count`-th failure of a kind in a row. */
export function backOffMs(failure: ConnectFailure, count: number): number {
  const { firstMs, lastMs } = WAITS[failure];
  return Math.min(lastMs, firstMs * 2 ** (count - 1));
}

/** Failed attempts in a row, and when the next one may be made. */
export type AttemptRecord = {
  readonly failure: ConnectFailure;
  readonly count: number;
  readonly notBeforeMs: number;
};

/** The record after one more failure at `nowMs`. */
export function afterFailure(
  record: AttemptRecord | null,
  failure: ConnectFailure,
  nowMs: number
): AttemptRecord {
  const count = record?.failure === failure ? record.count + 1 : 1;
  return { failure, count, notBeforeMs: nowMs + backOffMs(failure, count) };
}
