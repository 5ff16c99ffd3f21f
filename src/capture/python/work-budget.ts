/** How much may be done for one capture: what code makes of paths has no bound of its own. */
export class WorkBudget {
  /** Counted in steps, not in time: the same code gives the same answer on every machine. */
  constructor(private readonly most: number) {}

  /** How much was done. */
  get used(): number {
    return this.done;
  }

  /** Whether something was not done for lack of it. */
  get isSpent(): boolean {
    return this.wasRefused;
  }

  /** Whether there is enough left; takes it. */
  take(steps: number): boolean {
    if (this.done + steps > this.most) {
      this.wasRefused = true;
      return false;
    }
    this.done += steps;
    return true;
  }

  private done = 0;
  private wasRefused = false;
}
