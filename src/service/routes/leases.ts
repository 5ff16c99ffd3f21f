const LEASE_MS = 15_000;

/** Who may write a task's outputs into its cell: one connection at a time, for 15 s unless renewed. */
export class Leases {
  private readonly held = new Map<string, { holder: symbol; untilMs: number }>();

  constructor(private readonly elapsedMs: () => number) {}

  /** Ask for the lease, or renew it; whether the holder has it now. */
  take(task: string, holder: symbol): boolean {
    const lease = this.held.get(task);
    if (lease !== undefined && lease.holder !== holder && lease.untilMs > this.elapsedMs()) {
      return false;
    }
    this.held.set(task, { holder, untilMs: this.elapsedMs() + LEASE_MS });
    return true;
  }

  /** The holder is gone; all that it held is free at once. */
  release(holder: symbol): void {
    for (const [task, lease] of this.held) {
      if (lease.holder === holder) {
        this.held.delete(task);
      }
    }
  }
}
