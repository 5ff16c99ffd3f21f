import type { Benchmark } from '../benchmark.ts';
import type { Figure, Section } from '../measure/figure.ts';
import { planRounds } from '../measure/plan-rounds.ts';
import { measureColdStart, measureEmptyNode } from './cold-start.ts';
import { measureMemory, type ResidentMemory } from './resident-memory.ts';

const ROUNDS = 20;
const MEMORY_ROUNDS = 3;
const WANTED_TIMES = 1.5;
const WANTED_EXTRA_MS = 300;
const WANTED_MB = 120;

type StartRound = { coldMs: number; nodeMs: number };

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

/** The figures of the service. */
export function serviceSection(
  starts: readonly StartRound[],
  memories: readonly ResidentMemory[]
): Section {
  const cold = { label: 'Sluice', values: starts.map(({ coldMs }) => coldMs) };
  const node = { label: 'node -e 0', values: starts.map(({ nodeMs }) => nodeMs) };
  const allowed = {
    label: 'allowed',
    values: node.values.map(nodeMs => WANTED_TIMES * nodeMs + WANTED_EXTRA_MS)
  };
  const memory = (name: string, pick: (each: ResidentMemory) => number): Figure => ({
    name,
    unit: 'MB',
    ours: { label: 'Sluice', values: memories.map(pick) },
    beside: { label: 'allowed', values: [WANTED_MB] },
    wanted: 1
  });
  return {
    title: 'service',
    figures: [
      { name: 'cold start to first answer', unit: 'ms', ours: cold, beside: allowed, wanted: 1 },
      { name: 'cold start to first answer', unit: 'ms', ours: cold, beside: node, wanted: null },
      memory('memory at rest, new', ({ fresh }) => fresh),
      memory('memory at rest, after ten cells', ({ afterCells }) => afterCells)
    ],
    notes: [
      `Allowed for the start: ${WANTED_TIMES} times "node -e 0" and ${WANTED_EXTRA_MS} ms. ` +
        'Memory is VmRSS after 10 s without a request, in units of 10^6 bytes.'
    ]
  };
}
