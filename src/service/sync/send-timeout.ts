/** A floor, and a rate below which a link counts as dead. */
const SEND_TIMEOUT_MS = 120_000;
const SLOWEST_BYTES_PER_MS = 20;

/** How long so many bytes may be on their way. */
export function sendTimeoutMs(bytes: number): number {
  return SEND_TIMEOUT_MS + bytes / SLOWEST_BYTES_PER_MS;
}
