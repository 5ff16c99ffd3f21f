/** How much may be done for one capture: what code makes of paths has no bound of its own. */
export class WorkBudget {
  /** Counted in steps, not in time: the same code gives the same answer on every machine. */
  constructor(private left: number) {}

  /** Whether something was not done for lack of it. */
  get isSpent(): boolean {
    return this.wasRefused;
  }

  /** Whether there is enough left; takes it. */
  take(steps: number): boolean {
    if (this.left < steps) {
      this.wasRefused = true;
      return false;
    }
    this.left -= steps;
    return true;
  }

  private wasRefused = false;
}
