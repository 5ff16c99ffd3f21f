import type { TranslationBundle } from '@jupyterlab/translation';

/** Which job a task is, in words: a number of Slurm's, or a process of the host. */
export function jobWords(jobId: string, trans: TranslationBundle): string {
  // What tells two processes of the same number apart is nothing to read.
  const [number, ...rest] = jobId.split('.');
  return rest.length === 0 ? trans.__('job %1', jobId) : trans.__('process %1', number);
}
