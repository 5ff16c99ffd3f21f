import type { CDPSession, Page } from '@playwright/test';

/** What the page's main thread did, in milliseconds of processor time; `longestMs` of the clock. */
export type MainThreadCost = { taskMs: number; scriptMs: number; longestMs: number };

declare global {
  interface Window {
    /** The longest task that the page's observer has seen. */
    benchLongestMs: number;
  }
}

type Totals = { taskMs: number; scriptMs: number };

const QUIET_MS = 1000;
const QUIET_SHARE = 0.1;
const LONGEST_SETTLE_MS = 30_000;

/** Reads the costs of one page through Chromium's own counters. */
export class MainThread {
  readonly #page: Page;
  readonly #session: CDPSession;

  private constructor(page: Page, session: CDPSession) {
    this.#page = page;
    this.#session = session;
  }

  /** Begins to count, and to note tasks of more than 50 ms. */
  static async watch(page: Page): Promise<MainThread> {
    const session = await page.context().newCDPSession(page);
    // Processor time: on a busy machine the clock also counts what others take.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    await page.evaluate(() => {
      window.benchLongestMs = 0;
      new PerformanceObserver(list => {
        const durations = list.getEntries().map(({ duration }) => duration);
        window.benchLongestMs = Math.max(window.benchLongestMs, ...durations);
      }).observe({ type: 'longtask' });
    });
    return new MainThread(page, session);
  }

  /** What some work costs, until the page is quiet again. */
  async cost(work: () => Promise<void>): Promise<MainThreadCost> {
    await this.#settle();
    await this.#page.evaluate(() => {
      window.benchLongestMs = 0;
    });
    const before = await this.#totals();
    await work();
    await this.#settle();
    const after = await this.#totals();
    const longestMs = await this.#page.evaluate(() => window.benchLongestMs);
    return {
      taskMs: after.taskMs - before.taskMs,
      scriptMs: after.scriptMs - before.scriptMs,
      longestMs
    };
  }

  /** Waits until the page does little, such as turn a clock. */
  async #settle(): Promise<void> {
    const deadline = performance.now() + LONGEST_SETTLE_MS;
    let before = await this.#totals();
    while (performance.now() < deadline) {
      await this.#page.waitForTimeout(QUIET_MS);
      const now = await this.#totals();
      if (now.taskMs - before.taskMs < QUIET_MS * QUIET_SHARE) {
        return;
      }
      before = now;
    }
  }

  async #totals(): Promise<Totals> {
    const { metrics } = await this.#session.send('Performance.getMetrics');
    const seconds = (name: string): number =>
      metrics.find(metric => metric.name === name)?.value ?? NaN;
    return { taskMs: seconds('TaskDuration') * 1000, scriptMs: seconds('ScriptDuration') * 1000 };
  }
}
