import type { EventBatch } from '../shared/wire/service';
import { recordTrials, trialCount } from './record-trials';
import { printed } from './service-stand';

/** One way to end, made for real several times. */
export type EndKind = {
  /** As in the published table. */
  point: string;
  few: number;
  all: number;
  /** How many of it at once; what takes whole nodes goes one by one. */
  atOnce?: number;
  /** Brings one task to that end. */
  make: () => Promise<SeenEnd>;
  expected: SeenEnd;
};

/** What a person sees of an end, as far as it must be right. */
export type SeenEnd = Record<string, unknown>;

/** Phase, reason and the last output. */
export function seen(batch: EventBatch, more: SeenEnd = {}): SeenEnd {
  const { phase, reason } = batch.task;
  return { phase, code: reason?.code ?? null, printed: printed(batch), ...more };
}

const AT_ONCE = 6;

/** Makes a kind of end as often as is due, checks each, and notes the row of the table. */
export async function checkEnds(kind: EndKind): Promise<void> {
  const count = trialCount(kind.few, kind.all);
  const ends: SeenEnd[] = [];
  while (ends.length < count) {
    const size = Math.min(kind.atOnce ?? AT_ONCE, count - ends.length);
    ends.push(...(await Promise.all(Array.from({ length: size }, () => tryToMake(kind)))));
  }
  const wrong = ends.filter(end => !isAsExpected(end, kind.expected)).length;
  recordTrials({ suite: 'ends', point: kind.point, trials: count, counts: { wrong } });
  expect(ends).toEqual(Array.from({ length: count }, () => kind.expected));
}

/** One that never came to its end is a wrong one too, and shall not hide the others. */
async function tryToMake({ make }: EndKind): Promise<SeenEnd> {
  try {
    return await make();
  } catch (error) {
    return { failed: String(error) };
  }
}

function isAsExpected(end: SeenEnd, expected: SeenEnd): boolean {
  return JSON.stringify(sorted(end)) === JSON.stringify(sorted(expected));
}

function sorted(end: SeenEnd): [string, unknown][] {
  return Object.entries(end).sort(([a], [b]) => a.localeCompare(b));
}

/** The kinds that run now: some are for `npm run faults` alone. */
export function dueKinds(kinds: readonly EndKind[]): [string, EndKind][] {
  return kinds
    .filter(({ few, all }) => trialCount(few, all) > 0)
    .map(kind => [kind.point, kind] as [string, EndKind]);
}
