import type { Canceler, JobReport } from './scheduler';
import { joinJobId } from './slurm-cluster';
import { slurmExit, slurmSeconds, slurmState, slurmTime } from './slurm-states';
import { slurmUsage } from './slurm-usage';

/**
 * Fields of squeue, known to every release since 20.11, without padding and each with a bar behind
 * it. The reason is free text and last.
 */
export const SQUEUE_FORMAT =
  'JobID:|,State:|,RestartCnt:|,exit_code:|,StartTime:|,EndTime:|,UserID:|,BatchHost:|,Name:|,Reason:';

/**
 * Fields of sacct, likewise; `--parsable2` puts bars between them. The name is free text and last.
 * What a job had is in `AllocTRES`: the meaning of `ReqMem` changed with 21.08.
 */
export const SACCT_FORMAT =
  'JobIDRaw,State,ExitCode,NodeList,UID,Start,End,ElapsedRaw,TotalCPU,AllocCPUS,AllocTRES,MaxRSS,JobName';

/** Whose jobs are ours, and what users are called there; null: the host did not say. */
export type Users = { me: string | null; names: ReadonlyMap<string, string> };

/** A field's text; null for the words by which Slurm says that there is nothing. */
function given(text: string): string | null {
  return /^(|n\/a|none|none assigned|\(null\))$/i.test(text.trim()) ? null : text.trim();
}

/** Whether a row is another user's; one that tells no user may be ours. */
const isForeign = (uid: string, { me }: Users): boolean =>
  me !== null && uid.trim() !== '' && uid.trim() !== me;

/** A row of squeue; null for anything else that it printed. */
export function parseSqueueRow(
  line: string,
  cluster: string | null,
  users: Users
): JobReport | null {
  const [number = '', token = '', restarts, exit = '', start = '', end = '', ...rest] =
    line.split('|');
  const [uid = '', host = '', key, ...reason] = rest;
  if (!/^\d+$/.test(number) || key === undefined || reason.length === 0 || isForeign(uid, users)) {
    return null;
  }
  const state = slurmState(token);
  const isAhead = state === 'pending' || state === 'running';
  return {
    jobId: joinJobId(number, cluster),
    key,
    state,
    token,
    reasonToken: given(reason.join('|')),
    node: given(host),
    restarts: Number(restarts) || 0,
    ...slurmExit(isAhead ? '' : exit),
    estimatedStart: state === 'pending' ? slurmTime(start) : null,
    startedAt: state === 'pending' ? null : slurmSeconds(start),
    // Of a job that runs it is when its time will be over.
    endedAt: isAhead ? null : slurmSeconds(end)
  };
}

/** Who canceled, from “CANCELLED by 1001”. */
function cancelerOf(token: string, { me, names }: Users): Canceler | null {
  const [, uid] = /^CANCELLED by (\d+)$/.exec(token) ?? [];
  if (uid === undefined) {
    return null;
  }
  const kind = uid === me ? 'you' : uid === '0' ? 'admin' : 'other';
  return { kind, name: names.get(uid) ?? null };
}

/** A job's own row of sacct; null for anything else that it printed. */
function parseSacctRow(line: string, cluster: string | null, users: Users): JobReport | null {
  const [number = '', token = '', exit = '', nodes = '', uid = '', start = '', end = '', ...rest] =
    line.split('|');
  const key = rest.slice(5);
  if (!/^\d+$/.test(number) || key.length === 0 || isForeign(uid, users)) {
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
    estimatedStart: null,
    startedAt: slurmSeconds(start),
    endedAt: slurmSeconds(end),
    canceledBy: cancelerOf(token, users),
    usage: slurmUsage(rest)
  };
}

/** The memory of a step counts for the job whose row came before it. */
function withStep(report: JobReport, line: string): JobReport {
  const usage = slurmUsage(line.split('|').slice(7));
  const before = report.usage ?? null;
  if (before === null || usage === null) {
    return report;
  }
  const peakBytes = Math.max(before.peakBytes ?? 0, usage.peakBytes ?? 0) || null;
  return { ...report, usage: { ...before, peakBytes } };
}

function nextStart(before: JobReport, report: JobReport): JobReport {
  const { former = [], ...start } = before;
  return { ...report, restarts: before.restarts + 1, former: [...former, start] };
}

/**
 * What the books say, one report for each job: there is a row for each of its starts, of which the last one
 * counts, and one for each step behind it.
 */
export function parseSacctRows(
  lines: readonly string[],
  cluster: string | null,
  users: Users
): JobReport[] {
  const newest = new Map<string, JobReport>();
  let current: string | null = null;
  for (const line of lines) {
    const report = parseSacctRow(line, cluster, users);
    if (report !== null) {
      current = `${report.jobId} ${report.key}`;
      const before = newest.get(current);
      newest.set(current, before === undefined ? report : nextStart(before, report));
    } else if (/^\d+\.\S+\|/.test(line)) {
      const owner: JobReport | undefined = current === null ? undefined : newest.get(current);
      const isItsOwn = owner?.jobId.split(';')[0] === line.split('.')[0];
      if (current !== null && owner !== undefined && isItsOwn) {
        newest.set(current, withStep(owner, line));
      }
    } else {
      current = null;
    }
  }
  return [...newest.values()];
}

/** What the queue says, with what only the books know: of the same end, and of former starts. */
export function withBooks(report: JobReport, booked: JobReport | undefined): JobReport {
  if (booked === undefined) {
    return report;
  }
  const { former: earlier = [], ...last } = booked;
  const former = [...earlier, last].slice(0, report.restarts);
  const queued = former.length > 0 ? { ...report, former } : report;
  // The books may lag, and then speak of another start.
  return booked.state !== report.state || booked.restarts > report.restarts
    ? queued
    : {
        ...queued,
        canceledBy: booked.canceledBy ?? null,
        usage: booked.usage ?? null,
        endedAt: report.endedAt ?? booked.endedAt ?? null
      };
}
