import type { TranslationBundle } from '@jupyterlab/translation';
import { durationWords } from './duration-words';

/** When Sluice looks next after a task of which it is not certain. */
export function nextCheckWords(at: number, nowMs: number, trans: TranslationBundle): string {
  return at <= nowMs
    ? trans.__('looking now')
    : trans.__('looks again in %1', durationWords(at - nowMs, trans));
}
