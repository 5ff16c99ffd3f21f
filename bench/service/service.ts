import type { Benchmark } from '../benchmark.ts';
import { planRounds } from '../measure/plan-rounds.ts';
import { measureColdStart, measureEmptyNode } from './cold-start.ts';
import { measureMemory, type ResidentMemory } from './resident-memory.ts';
import { serviceSection, type StartRound } from './service-section.ts';

const ROUNDS = 20;
const MEMORY_ROUNDS = 3;

/** What the service itself costs: its start and its memory. */
export const service: Benchmark = {
  name: 'service',
  about: 'cold start of the service beside an empty Node program; its memory at rest',
  async run({ rounds }, scratch) {
    const starts = await measureStarts(rounds ?? ROUNDS, scratch);
    const memories: ResidentMemory[] = [];
    for (let count = 0; count < Math.min(rounds ?? MEMORY_ROUNDS, MEMORY_ROUNDS); count += 1) {
      memories.push(await measureMemory(scratch));
    }
    return [serviceSection(starts, memories)];
  }
};

async function measureStarts(count: number, scratch: string): Promise<StartRound[]> {
  const rounds: StartRound[] = [];
  const ways = {
    cold: async () => ({ coldMs: await measureColdStart(scratch) }),
    node: async () => ({ nodeMs: await measureEmptyNode() })
  };
  for (const { order } of planRounds(['cold', 'node'] as const, count, Math.random)) {
    let found = {};
    for (const way of order) {
      found = { ...found, ...(await ways[way]()) };
    }
    rounds.push(found as StartRound);
  }
  return rounds;
}
