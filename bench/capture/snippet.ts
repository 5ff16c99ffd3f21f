import type { Benchmark } from '../benchmark.ts';
import { planRounds } from '../measure/plan-rounds.ts';
import { withCleanUp } from '../with-clean-up.ts';
import { type SnippetKernel, startSnippetKernel } from './snippet-kernel.ts';
import { type SnippetRound, snippetSection } from './snippet-section.ts';

const ROUNDS = 200;
const WARM_UP_ROUNDS = 20;

/** What the page asks a kernel about an ordinary cell, beside the kernel's own `1+1`. */
export const captureSnippet: Benchmark = {
  name: 'capture-snippet',
  about: "asking a kernel about an ordinary cell, beside its own round trip of '1+1'",
  async run({ rounds }, scratch) {
    return withCleanUp(async cleanUp => {
      const kernel = await startSnippetKernel(scratch);
      cleanUp(kernel.end);
      const firstMs = await kernel.ask('capture');
      await measure(kernel, WARM_UP_ROUNDS);
      return [snippetSection(await measure(kernel, rounds ?? ROUNDS), firstMs, kernel.version)];
    });
  }
};

export default captureSnippet;

async function measure(kernel: SnippetKernel, count: number): Promise<SnippetRound[]> {
  const rounds: SnippetRound[] = [];
  const ways = {
    one: async () => ({ oneMs: await kernel.ask('one') }),
    capture: async () => ({ captureMs: await kernel.ask('capture') }),
    survey: async () => ({ surveyMs: await kernel.ask('survey') })
  };
  for (const { order } of planRounds(['one', 'capture', 'survey'] as const, count, Math.random)) {
    let found = {};
    for (const way of order) {
      found = { ...found, ...(await ways[way]()) };
    }
    rounds.push(found as SnippetRound);
  }
  return rounds;
}
