/** What went wrong with a connection attempt, as far as waiting is concerned. */
export type ConnectFailure = 'authentication' | 'host-key' | 'network';

// Sites ban an address after some refused logins; a network comes back by itself; a host key is
// accepted by a person, who then tries again at once.
const WAITS: Record<ConnectFailure, { firstMs: number; lastMs: number }> = {
  authentication: { firstMs: 15_000, lastMs: 300_000 },
  'host-key': { firstMs: 1000, lastMs: 1000 },
  network: { firstMs: 1000, lastMs: 30_000 }
};

/** Refused logins in a row after which only a person goes on; sites ban from five. */
const MOST_REFUSALS = 3;

/** A login that took no person's time may be refused again at once, many times over. */
const PERSON_PAUSE_MS = 5000;

/** How long to wait after the `count`-th failure of a kind in a row. */
export function backOffMs(failure: ConnectFailure, count: number): number {
  const { firstMs, lastMs } = WAITS[failure];
  return Math.min(lastMs, firstMs * 2 ** (count - 1));
}

/** Failed attempts in a row, and when the next one may be made. */
export type AttemptRecord = {
  readonly failure: ConnectFailure;
  readonly count: number;
  /** Refused logins since the last one that succeeded; a network that fails between does not count them down. */
  readonly refusals: number;
  readonly atMs: number;
  /** Infinite where only a person may go on. */
  readonly notBeforeMs: number;
  /** Whether the attempt took a person's time. */
  readonly hasAsked: boolean;
};

/** The record after one more failure at `nowMs`. */
export function afterFailure(
  record: AttemptRecord | null,
  failure: ConnectFailure,
  nowMs: number,
  hasAsked = false
): AttemptRecord {
  const isRefusal = failure === 'authentication';
  const refusals = (record?.refusals ?? 0) + (isRefusal ? 1 : 0);
  const inARow = record?.failure === failure ? record.count + 1 : 1;
  const count = isRefusal ? refusals : inARow;
  const isOver = refusals >= MOST_REFUSALS;
  const notBeforeMs = isOver ? Infinity : nowMs + backOffMs(failure, count);
  return { failure, count, refusals, atMs: nowMs, notBeforeMs, hasAsked };
}

/** Whether the next attempt may be made: in its time, or earlier when a person says so. */
export function mayAttempt(
  record: AttemptRecord | null,
  { nowMs, mayAsk }: { nowMs: number; mayAsk: boolean }
): boolean {
  if (record === null || nowMs >= record.notBeforeMs) {
    return true;
  }
  const isStorm = record.failure === 'authentication' && !record.hasAsked;
  return mayAsk && (!isStorm || nowMs >= record.atMs + PERSON_PAUSE_MS);
}
