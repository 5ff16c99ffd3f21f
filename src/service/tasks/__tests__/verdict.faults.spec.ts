import { inFull, recordTrials, trialCount } from '../../../testing/record-trials';
import type { Rule } from '../evidence';
import { RULES } from '../verdict';
import { Dice } from './verdict-model/dice';
import { ENDINGS } from './verdict-model/endings';
import { FalseVerdict, History, type Outcome } from './verdict-model/history';

// In full it is minutes.
jest.setTimeout(20 * 60_000);

const SEED = Number(process.env['SLUICE_SEED'] ?? 1);

/** The history of a number; ends take turns. */
function history(index: number, rules: readonly Rule[] = RULES): History {
  return new History(
    new Dice(SEED * 1_000_003 + index),
    rules,
    ENDINGS[index % ENDINGS.length]?.name
  );
}

function live(index: number): Outcome {
  const one = history(index);
  try {
    return one.run();
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new Error(`history ${index} of seed ${SEED}: ${words}\n${one.describe()}`, {
      cause: error
    });
  }
}

describe('generated histories', () => {
  it('end in the truth or in doubt, and never in anything else', () => {
    const trials = trialCount(1500, 50_000);
    const counts = new Map<string, Record<string, number>>();
    for (let index = 0; index < trials; index += 1) {
      const { end, phase } = live(index);
      const row = counts.get(end) ?? { told: 0, 'in doubt': 0, false: 0 };
      const column = phase === 'unknown' ? 'in doubt' : 'told';
      counts.set(end, { ...row, [column]: (row[column] ?? 0) + 1 });
    }
    expect(counts.size).toBe(ENDINGS.length);
    for (const [point, row] of counts) {
      const told = (row['told'] ?? 0) + (row['in doubt'] ?? 0);
      recordTrials({ suite: 'verdict', point, trials: told, counts: row });
    }
  });
});

/** How many histories it takes until one is false; null: none is. */
function falseAfter(rules: readonly Rule[], most: number): number | null {
  for (let index = 0; index < most; index += 1) {
    try {
      history(index, rules).run();
    } catch (error) {
      // What a rule's own code throws where its guard is bent shows the bend as well.
      if (error instanceof FalseVerdict || error instanceof Error) {
        return index + 1;
      }
      throw error;
    }
  }
  return null;
}

/** Only a rare history needs them: they are taken away in the full suite alone. */
const RARE: ReadonlySet<string> = new Set([
  'a report on an earlier start says nothing of this one',
  'a next start runs',
  'a next start is over, and is looked at by itself',
  'after the exit record all is read once more',
  'an end record may be hidden behind an orderly status',
  'after the last word all is read once more',
  'the worker’s word may be hidden for a while',
  'only the scheduler knows why it was told to stop'
]);

const MOST = trialCount(1500, 50_000);
const CUT = RULES.filter(({ name }) => inFull || !RARE.has(name));

describe.each(CUT.map(rule => ({ name: rule.name, rule })))('without “$name”', ({ rule }) => {
  it('a history is false', () => {
    const rules = RULES.filter(one => one !== rule);
    expect(falseAfter(rules, MOST)).not.toBeNull();
  });

  it('a history is false with its guard turned round', () => {
    const turned: Rule = { ...rule, when: evidence => !rule.when(evidence) };
    const rules = RULES.map(one => (one === rule ? turned : one));
    expect(falseAfter(rules, MOST)).not.toBeNull();
  });
});
