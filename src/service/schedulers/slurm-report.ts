import type { JobReport } from './scheduler';
import { joinJobId } from './slurm-cluster';
import { slurmExit, slurmState, slurmTime } from './slurm-states';

/**
 * Fields of squeue, known to every release since 20.11, without padding and each with a bar behind
 * it. The reason is free text and last.
 */
export const SQUEUE_FORMAT =
  'JobID:|,State:|,RestartCnt:|,exit_code:|,StartTime:|,BatchHost:|,Name:|,Reason:';

/** Fields of sacct; `--parsable2` puts bars between them. The name is free text and last. */
export const SACCT_FORMAT = 'JobIDRaw,State,ExitCode,NodeList,JobName';

/** A field's text; null for the words by which Slurm says that there is nothing. */
function given(text: string): string | null {
  return /^(|n\/a|none|none assigned|\(null\))$/i.test(text.trim()) ? null : text.trim();
}

/** A row of squeue; null for anything else that it printed. */
export function parseSqueueRow(line: string, cluster: string | null): JobReport | null {
  const [number = '', token = '', restarts, exit = '', start = '', host = '', key, ...reason] =
    line.split('|');
  if (!/^\d+$/.test(number) || key === undefined || reason.length === 0) {
    return null;
  }
  const state = slurmState(token);
  return {
    jobId: joinJobId(number, cluster),
    key,
    state,
    token,
    reasonToken: given(reason.join('|')),
    node: given(host),
    restarts: Number(restarts) || 0,
    ...(state === 'pending' || state === 'running' ? slurmExit('') : slurmExit(exit)),
    estimatedStart: state === 'pending' ? slurmTime(start) : null
  };
}

/** A row of sacct; null for anything else that it printed. */
export function parseSacctRow(line: string, cluster: string | null): JobReport | null {
  const [number = '', token = '', exit = '', nodes = '', ...key] = line.split('|');
  if (!/^\d+$/.test(number) || key.length === 0) {
    return null;
  }
  return {
    jobId: joinJobId(number, cluster),
    key: key.join('|'),
    state: slurmState(token),
    token,
    reasonToken: null,
    node: given(nodes),
    restarts: 0,
    ...slurmExit(exit),
    estimatedStart: null
  };
}

/** One report for each job: accounting keeps a record for each start, the last one is the newest. */
export function mergeStarts(reports: readonly JobReport[]): JobReport[] {
  const newest = new Map<string, JobReport>();
  for (const report of reports) {
    const id = `${report.jobId} ${report.key}`;
    const before = newest.get(id);
    newest.set(id, before === undefined ? report : { ...report, restarts: before.restarts + 1 });
  }
  return [...newest.values()];
}
