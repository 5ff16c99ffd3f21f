import type { Browser } from '@playwright/test';

import type { Benchmark } from '../benchmark.ts';
import { BenchError } from '../bench-error.ts';
import { planRounds } from '../measure/plan-rounds.ts';
import { say } from '../say.ts';
import { makeOwnState } from '../service/own-state.ts';
import { startService } from '../service/service-process.ts';
import { withCleanUp } from '../with-clean-up.ts';
import { type JupyterServer, startJupyter } from './jupyter-server.ts';
import { LabPage, startChromium } from './lab-page.ts';
import { MainThread, type MainThreadCost } from './main-thread.ts';
import { CELLS, type PageRound, pageSection, type PrintingCell } from './page-section.ts';

const ROUNDS = 3;
const WAYS = ['slurm', 'local'] as const;

/** What a cell with many lines costs the page, beside the same cell run in the kernel. */
export const page: Benchmark = {
  name: 'page',
  about: 'main thread of JupyterLab for a cell that prints 100,000 lines, beside a local run',
  async run({ rounds }, scratch) {
    return withCleanUp(async cleanUp => {
      const environment = await makeOwnState(scratch);
      // The server extension finds it running, and nothing is left to end but what we started.
      const service = await startService(environment);
      cleanUp(service.end);
      const server = await startJupyter(scratch, environment);
      cleanUp(server.end);
      const browser = await startChromium();
      cleanUp(() => browser.close());
      // The first page of a browser compiles what later ones find compiled.
      await measureOnce({ browser, server }, CELLS.atOnce, 'local', 'warm-up');
      const measured = await measureRounds({ browser, server }, rounds ?? ROUNDS);
      return [pageSection(measured)];
    });
  }
};

type Parts = { browser: Browser; server: JupyterServer };

async function measureRounds(parts: Parts, count: number): Promise<PageRound[]> {
  const rounds: PageRound[] = [];
  for (const { order } of planRounds(WAYS, count, Math.random)) {
    say(`page: round ${rounds.length + 1} of ${count}`);
    const found: Record<string, unknown> = {};
    for (const way of order) {
      for (const [name, cell] of Object.entries(CELLS)) {
        const file = `${way}-${name}-${rounds.length}`;
        found[name] = {
          ...(found[name] as object | undefined),
          [way]: await measureOnce(parts, cell, way, file)
        };
      }
    }
    rounds.push(found as PageRound);
  }
  return rounds;
}

async function measureOnce(
  { browser, server }: Parts,
  { source, firstLine }: PrintingCell,
  way: (typeof WAYS)[number],
  name: string
): Promise<MainThreadCost> {
  const lab = await LabPage.open(browser, server, { name: `${name}.ipynb`, source });
  try {
    const thread = await MainThread.watch(lab.page);
    const cost = await thread.cost(() =>
      way === 'slurm' ? lab.runOnSlurm('here') : lab.runLocally()
    );
    if (!(await lab.outputs()).includes(firstLine)) {
      throw new BenchError(`The cell (${name}) shows none of its lines.`);
    }
    return cost;
  } finally {
    await lab.close();
    await server.endKernels();
  }
}
