import type { Phase } from '../../shared/phases';
import type { Reason } from '../../shared/wire/task';
import { END_RULES } from './end-rules';
import { type Evidence, type Judgement, type Rule, wait } from './evidence';
import { EXIT_RULES } from './exit-rules';
import { REPORT_RULES, SILENCE_RULES, START_RULES } from './report-rules';

export { isOver } from './over-states';

/** A task's phase, as the evidence has it, and why. */
export type Verdict = { phase: Phase; reason: Reason | null };

/**
 * The whole verdict, from the strongest evidence to the weakest; the first rule that holds decides. No end
 * without positive evidence: absence from an answer, an unknown word, a lost line are none.
 */
export const RULES: readonly Rule[] = [
  ...END_RULES,
  ...START_RULES,
  ...EXIT_RULES,
  ...REPORT_RULES,
  ...SILENCE_RULES
];

/** What the evidence says of a task whose job was accepted. */
export function judge(evidence: Evidence, rules: readonly Rule[] = RULES): Judgement {
  let known = evidence;
  for (const { when, verdict } of rules) {
    if (when(known)) {
      const outcome = verdict(known);
      if (!('instead' in outcome)) {
        return outcome;
      }
      known = outcome.instead;
    }
  }
  return wait();
}
