/** Who is connected, and whether the service is leaving. */
export class Presence {
  draining = false;
  private count = 0;
  private viewed = new Map<string, number>();
  private lastSeenMs: number;

  /** `elapsedMs` never jumps: a clock that is set does not end the service. */
  constructor(private readonly elapsedMs: () => number) {
    this.lastSeenMs = elapsedMs();
  }

  /** Something needs the service although nobody is here. */
  touch(): void {
    this.lastSeenMs = this.elapsedMs();
  }

  /** Somebody is here until the returned function is called. */
  enter(): () => void {
    this.count += 1;
    let isHere = true;
    return () => {
      if (isHere) {
        isHere = false;
        this.count -= 1;
        this.lastSeenMs = this.elapsedMs();
      }
    };
  }

  /** Somebody looks at a task until the returned function is called. */
  view(task: string): () => void {
    this.viewed.set(task, (this.viewed.get(task) ?? 0) + 1);
    let isLooking = true;
    return () => {
      if (isLooking) {
        isLooking = false;
        const left = (this.viewed.get(task) ?? 1) - 1;
        if (left > 0) {
          this.viewed.set(task, left);
        } else {
          this.viewed.delete(task);
        }
      }
    };
  }

  hasViewer(task: string): boolean {
    return this.viewed.has(task);
  }

  /** How long nobody has been here; 0: somebody is. */
  get emptyForMs(): number {
    return this.count > 0 ? 0 : this.elapsedMs() - this.lastSeenMs;
  }
}
