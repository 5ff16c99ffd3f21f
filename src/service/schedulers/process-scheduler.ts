import { shQuote } from '../../shared/sh-quote';
import { buildJobScript } from './job-script';
import { buildProcessCancel, parseProcessCancel } from './process-cancel';
import { buildProcessQuery, buildProcessSearch, parseProcessAnswer } from './process-query';
import { SUPERVISOR } from './process-supervisor';
import type { IScheduler, JobSpec } from './scheduler';
import { buildSubmitStub, parseSubmitReply } from './submit-stub';
import { noticeSeconds, secondsOf } from './time-limit';

/** `<root>/SLUICE_SLOTS` may say how many jobs run at once; otherwise as many as there are cores. */
const SLOTS_FILE = 'SLUICE_SLOTS';

/** `<root>/slots/<host>`, or beside it for a lane: several hosts may share a disk, and each has its own processes. */
function timeWords({ resources }: JobSpec): [limit: string, lead: string] {
  const limit = secondsOf(resources);
  // A signal of a person's own is Slurm's business.
  const lead = noticeSeconds(resources) ?? 0;
  return Number.isFinite(limit)
    ? [String(Math.ceil(limit)), String(Math.min(lead, Math.ceil(limit)))]
    : ['', ''];
}

function buildLaunch(job: JobSpec): string {
  const { root, lane } = job;
  const slots = lane === undefined ? 'slots' : `slots-${lane}`;
  const places = ['submit/supervisor.sh', `${root}/${slots}`, `${root}/${SLOTS_FILE}`];
  const words = [...places, ...timeWords(job)].map(shQuote).join(' ');
  // The substitution ends when the supervisor has printed its id and closed its output.
  // What we write is nobody else's; the job itself has the person's own umask.
  return `umask 077
  printf %s ${shQuote(SUPERVISOR)} >submit/supervisor.sh || exit 1
  trap - HUP PIPE
  sluice_apart=nohup
  command -v setsid >/dev/null 2>&1 && sluice_apart=setsid
  sluice_words=$(SLUICE_UMASK=$sluice_umask $sluice_apart sh ${words} </dev/null 2>>submit/supervisor.log &)
  if [ -z "$sluice_words" ]; then cat submit/supervisor.log >&2; exit 1; fi
  printf '%s\\n' "$sluice_words"`;
}

function buildSubmit(job: JobSpec): string {
  return buildSubmitStub({
    directory: job.directory,
    prelude: ':',
    launch: buildLaunch(job),
    idPattern: '[0-9][0-9]*\\.[A-Za-z0-9]*\\.[A-Za-z0-9]*',
    revoke: 'kill -s TERM "${sluice_id%%.*}"',
    unreached: []
  });
}

/**
 * Jobs as processes of one host, for machines without Slurm. Each submit detaches a supervisor of
 * its own; they share out slots among themselves through files, so nothing has to stay alive for
 * them. Of the resources the time is enforced, by the supervisor.
 */
export function createProcessScheduler(): IScheduler {
  return {
    name: 'process',
    // An allocation of Slurm around us is not ours: neither its restarts nor its time are this job's.
    buildScript: job => buildJobScript(job, ['unset SLURM_RESTART_COUNT SLURM_JOB_END_TIME']),
    buildSubmit,
    parseSubmit: answer => parseSubmitReply(answer, () => false),
    printedId: lines =>
      lines
        .flatMap(line => /^(\d+\.[A-Za-z0-9]*\.[A-Za-z0-9]*)\s*$/.exec(line)?.[1] ?? [])
        .at(-1) ?? null,
    buildSearch: buildProcessSearch,
    parseSearch: parseProcessAnswer,
    buildQuery: buildProcessQuery,
    parseQuery: parseProcessAnswer,
    buildCancel: buildProcessCancel,
    parseCancel: parseProcessCancel,
    buildTest: () => null,
    parseTest: (_, jobs) =>
      jobs.map(() => ({ accepted: true, estimatedStart: null, message: null })),
    buildQueues: () => null,
    parseQueues: () => []
  };
}
