import type { TranslationBundle } from '@jupyterlab/translation';
import { startWords } from '../plan/start-words';
import { durationWords } from './duration-words';

/** When the scheduler expects a job to start: “starts in about 2 h (14:10)”; null: it does not say. */
export function estimatedStartWords(
  iso: string | null,
  nowMs: number,
  trans: TranslationBundle,
  locale?: string
): string | null {
  const startMs = iso === null ? NaN : Date.parse(iso);
  if (iso === null || Number.isNaN(startMs)) {
    return null;
  }
  return startMs <= nowMs
    ? trans.__('should start now')
    : trans.__(
        'starts in about %1 (%2)',
        durationWords(startMs - nowMs, trans),
        startWords(iso, nowMs, trans, locale)
      );
}
