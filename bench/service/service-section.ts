import type { Figure, Section } from '../measure/figure.ts';
import type { ResidentMemory } from './resident-memory.ts';

/** One start of the service, and one of an empty Node program. */
export type StartRound = { coldMs: number; nodeMs: number };

const WANTED_TIMES = 1.5;
const WANTED_EXTRA_MS = 300;
const WANTED_MB = 120;

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
