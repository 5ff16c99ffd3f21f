/** How long after a person's action a login may ask. */
export const PERMISSION_MS = 60_000;

type Grant = { untilMs: number };

/** Whose actions wait for which host; a login uses them up, so that each asks once at the most. */
export class Permissions {
  private readonly grants = new Map<string, Set<Grant>>();

  constructor(private readonly nowMs: () => number) {}

  /** A person did something that needs the host; the returned function says that it is done. */
  give(key: string): () => void {
    const grant = { untilMs: this.nowMs() + PERMISSION_MS };
    const all = this.grants.get(key) ?? new Set();
    this.grants.set(key, all.add(grant));
    return () => {
      all.delete(grant);
    };
  }

  has(key: string): boolean {
    const nowMs = this.nowMs();
    return [...(this.grants.get(key) ?? [])].some(({ untilMs }) => untilMs > nowMs);
  }

  /** Use them up; whether there was any. */
  take(key: string): boolean {
    const had = this.has(key);
    this.grants.delete(key);
    return had;
  }
}
