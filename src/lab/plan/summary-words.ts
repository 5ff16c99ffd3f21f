import type { TranslationBundle } from '@jupyterlab/translation';
import type { Plan } from '../../shared/wire/plan';
import { formatBytes } from '../words/format-bytes';

/** The built-in target that is this machine. */
const HERE = 'here';

/** What a plan holds, in one sentence, and whether it would run. */
export function summaryWords(plan: Plan, trans: TranslationBundle): string {
  const words = travelWords(plan, trans);
  return isForbidden(plan) ? `${words} ${trans.__('It would not run as it is.')}` : words;
}

function travelWords(plan: Plan, trans: TranslationBundle): string {
  const content = contentWords(plan, trans);
  const size = formatBytes(plan.transfer.bytes);
  if (content === '') {
    return trans.__('Only the cell itself would travel to %1. Nothing was sent.', plan.target);
  }
  return plan.target === HERE
    ? trans.__('%1: %2 would be copied for a run on this machine. Nothing was run.', content, size)
    : trans.__('%1: %2 would travel to %3. Nothing was sent.', content, size, plan.target);
}

/** The same in a few words, for a tooltip or a menu. */
export function briefWords(plan: Plan, trans: TranslationBundle): string {
  const content = contentWords(plan, trans);
  const size = formatBytes(plan.transfer.bytes);
  const sends =
    content === ''
      ? trans.__('Would send the cell alone to %1', plan.target)
      : trans.__('Would send %1, %2 to %3', content, size, plan.target);
  if (isForbidden(plan)) {
    return `${sends}; ${trans.__('would not run as it is')}`;
  }
  const left = plan.leftOut.length;
  return left === 0 ? sends : `${sends}; ${trans._n('%1 left out', '%1 left out', left, left)}`;
}

function isForbidden({ leftOut, submit }: Plan): boolean {
  return submit?.accepted === false || leftOut.some(({ forbids }) => forbids === true);
}

function contentWords({ modules, files, variables }: Plan, trans: TranslationBundle): string {
  const counts = [
    modules.length > 0 && trans._n('%1 module', '%1 modules', modules.length, modules.length),
    files.length > 0 && trans._n('%1 file', '%1 files', files.length, files.length),
    variables.length > 0 &&
      trans._n('%1 variable', '%1 variables', variables.length, variables.length)
  ];
  return counts.filter(words => words !== false).join(', ');
}
