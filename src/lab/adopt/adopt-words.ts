import type { TranslationBundle } from '@jupyterlab/translation';
import type { FoundRun } from '../../shared/wire/adopt';
import { phaseWord } from '../words/phase-words';

/** What is known of a job that was found: who sent it from which notebook, when, how it is. */
export function foundWords(
  { notebookPath, submittedAt, host, jobId, phase }: FoundRun,
  trans: TranslationBundle,
  locale?: string
): string {
  const when = submittedAt === null ? null : new Date(submittedAt).toLocaleString(locale, FORMAT);
  return [
    phaseWord(phase, trans),
    jobId === null ? null : trans.__('job %1', jobId),
    notebookPath,
    host === null ? null : trans.__('from %1', host),
    when
  ]
    .filter(part => part !== null)
    .join(' · ');
}

const FORMAT = { dateStyle: 'medium', timeStyle: 'short' } as const;
