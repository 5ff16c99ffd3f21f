import { SluiceError } from '../../shared/errors';
import { shQuote } from '../../shared/sh-quote';
import type { JobReport, JobRef, JobSpec } from '../schedulers/scheduler';
import type { Place } from '../store/task-record';
import type { IClock } from '../tasks/clock';
import type { Hosts } from '../tasks/hosts';
import { toAnswer } from '../tasks/poller';
import { reasonOf } from '../tasks/reason';
import type { Submitter } from '../tasks/submitter';
import { TRIAL_PROGRAM } from './trial-program';
import { buildReportLook, parseReportLook, type TrialReport } from './trial-reply';

export type TrialOptions = {
  hosts: Hosts;
  submitter: Submitter;
  clock: IClock;
  /** How long it may wait in the queue before the doctor goes on without it. */
  patienceMs: number;
};

export type TrialOrder = {
  place: Place;
  /** The job's spec; its `directory` exists. */
  job: JobSpec;
  /** Folders that the job looks for. */
  places: string[];
  /** Name that the job looks up; null: none. */
  lookUp: string | null;
};

/** How the trial ended. */
export type TrialEnd =
  | { kind: 'reported'; jobId: string; report: TrialReport; seconds: number }
  /** It waited for too long and was canceled; `words` are the scheduler's reason. */
  | { kind: 'waiting'; jobId: string; words: string; estimatedStart: string | null }
  | { kind: 'failed'; jobId: string; words: string };

const TIMEOUT_MS = 60_000;
const WRITE_TIMEOUT_MS = 30_000;
const CANCEL_TIMEOUT_MS = 30_000;
const PAUSES_MS = [200, 300, 500, 1000] as const;
/** Between two questions to the scheduler, which a site pays for. */
const ASK_EVERY_MS = 3000;
/** For a disk that lags behind the end of the job, and for a job that lags behind its report. */
const GRACE_MS = 15_000;
/** A job that failed has hardly written anything. */
const FAILED_GRACE_MS = 2000;
/** For a job that runs, from its first sight: Python may start slowly from a busy disk. */
const RUN_MS = 90_000;

const ENDED: ReadonlySet<JobReport['state']> = new Set([
  'completed',
  'failed',
  'canceled',
  'timed-out',
  'out-of-memory',
  'node-failed'
]);

/** Reasons with which a job waits for ever, unless somebody changes something. */
const HOPELESS =
  /^(PartitionDown|PartitionInactive|PartitionTimeLimit|PartitionNodeLimit|BadConstraints|InvalidAccount|InvalidQOS|AccountNotAllowed|QOSNotAllowed|JobHeldAdmin|QOSMaxWallDurationPerJobLimit|AssocMaxWallDurationPerJobLimit)/;

/** What was seen of the job so far. */
type Sight = {
  startedMs: number;
  runningSinceMs: number | null;
  endedSinceMs: number | null;
  reportedMs: number | null;
  askedMs: number;
  state: JobReport | null;
};

const UNSEEN = { runningSinceMs: null, endedSinceMs: null, reportedMs: null, state: null } as const;

/** A tiny job by the ordinary way of submitting, watched to its end. */
export class TrialJob {
  constructor(private readonly options: TrialOptions) {}

  /**
   * Submit and watch. Whatever happens, no job is left behind. `say` is told how it stands.
   *
   * Errors: those of `Submitter.submit` and of the transport; the signal's reason.
   */
  async run(
    order: TrialOrder,
    say: (words: string) => void,
    signal: AbortSignal
  ): Promise<TrialEnd> {
    const { hosts, submitter } = this.options;
    const { place, job, places, lookUp } = order;
    const transport = hosts.transport(place);
    await transport.write(job.workerPath, Buffer.from(TRIAL_PROGRAM), {
      timeoutMs: WRITE_TIMEOUT_MS
    });
    signal.throwIfAborted();
    const spec = JSON.stringify({ places, lookUp });
    const context = { target: place.host ?? 'here', signal, heard: () => undefined };
    const submission = await submitter.submit(place, job, spec, context);
    if (submission.kind !== 'accepted') {
      throw new SluiceError('submission-unknown', { problem: submission.message });
    }
    const ref = { key: job.key, directory: job.directory, jobId: submission.jobId };
    say(`job ${ref.jobId} was handed over`);
    const startedMs = this.options.clock.elapsedMs();
    const sight: Sight = { ...UNSEEN, startedMs, askedMs: startedMs };
    try {
      return await this.watch(order.place, ref, { sight, say, signal });
    } finally {
      if (sight.endedSinceMs === null) {
        await this.cancel(place, ref);
      }
    }
  }

  private async watch(
    place: Place,
    ref: JobRef,
    { sight, say, signal }: { sight: Sight; say: (words: string) => void; signal: AbortSignal }
  ): Promise<TrialEnd> {
    for (let round = 0; ; round += 1) {
      await this.options.clock.delay(PAUSES_MS[round] ?? 1000, signal);
      signal.throwIfAborted();
      const report = await this.look(place, ref, sight);
      const end = await this.judge(place, ref, sight, report);
      if (end !== null) {
        return end;
      }
      say(waitWords(ref, sight.state));
    }
  }

  /** Read the report; now and then ask the scheduler first, so that a report is there when the job has ended. */
  private async look(place: Place, ref: JobRef, sight: Sight): Promise<TrialReport | null> {
    const { hosts, clock } = this.options;
    const nowMs = clock.elapsedMs();
    // With its report there, only the end of the job is still to come.
    const isAsking = nowMs - sight.askedMs >= ASK_EVERY_MS || sight.reportedMs !== null;
    const scheduler = hosts.scheduler(place.scheduler);
    const texts = [
      isAsking ? `( ${scheduler.buildQuery([ref])}\n)` : ':',
      'sluice_asked=$?',
      buildReportLook(ref.directory),
      'exit "$sluice_asked"'
    ];
    const action = 'look at the trial job';
    const result = await hosts
      .transport(place)
      .run(texts.join('\n'), { action, timeoutMs: TIMEOUT_MS });
    if (isAsking) {
      sight.askedMs = nowMs;
      const outcome = scheduler.parseQuery(toAnswer(result), [ref]);
      if (outcome.kind === 'answered') {
        see(sight, outcome.reports[0] ?? null, nowMs);
      }
    }
    return parseReportLook(result.stdout.toString());
  }

  private async judge(
    place: Place,
    ref: JobRef,
    sight: Sight,
    report: TrialReport | null
  ): Promise<TrialEnd | null> {
    const { clock, patienceMs } = this.options;
    const { jobId } = ref;
    const nowMs = clock.elapsedMs();
    const seconds = (nowMs - sight.startedMs) / 1000;
    const { state, endedSinceMs, runningSinceMs } = sight;
    if (report !== null) {
      sight.reportedMs ??= nowMs;
      const isOver = endedSinceMs !== null || nowMs - sight.reportedMs > GRACE_MS;
      return isOver ? { kind: 'reported', jobId, report, seconds } : null;
    }
    const graceMs = state?.state === 'failed' ? FAILED_GRACE_MS : GRACE_MS;
    if (endedSinceMs !== null && nowMs - endedSinceMs > graceMs) {
      return { kind: 'failed', jobId, words: await this.lastWords(place, ref, state) };
    }
    if (runningSinceMs !== null && nowMs - runningSinceMs > RUN_MS) {
      const words = `it runs on ${state?.node ?? 'a node'}, but wrote nothing within ${RUN_MS / 1000} s`;
      return { kind: 'failed', jobId, words };
    }
    if (state?.state === 'pending' && HOPELESS.test(state.reasonToken ?? '')) {
      return { kind: 'failed', jobId, words: pendingWords(state) };
    }
    const isOver = runningSinceMs === null && endedSinceMs === null;
    if (isOver && nowMs - sight.startedMs > patienceMs) {
      const estimatedStart = state?.estimatedStart ?? null;
      return { kind: 'waiting', jobId, words: pendingWords(state), estimatedStart };
    }
    return null;
  }

  /** What the scheduler and the job's own log say of its end. */
  private async lastWords(place: Place, ref: JobRef, state: JobReport | null): Promise<string> {
    const script = `tail -c 1000 ${shQuote(`${ref.directory}/job.log`)} 2>/dev/null; exit 0`;
    const action = 'read the log of the trial job';
    const result = await this.options.hosts
      .transport(place)
      .run(script, { action, timeoutMs: TIMEOUT_MS });
    const log = result.stdout.toString().trim();
    const how =
      state === null ? 'it is gone' : (reasonOf.report(state, false)?.message ?? state.token);
    return log === '' ? `${how} It wrote no report.` : `${how} ${log}`;
  }

  /** A job that may not have ended; it has two minutes at the most where this fails. */
  private async cancel(place: Place, ref: JobRef): Promise<void> {
    const { hosts } = this.options;
    const scheduler = hosts.scheduler(place.scheduler);
    const action = 'cancel the trial job';
    await hosts
      .transport(place)
      .run(scheduler.buildCancel([ref]), { action, timeoutMs: CANCEL_TIMEOUT_MS });
  }
}

function see(sight: Sight, state: JobReport | null, nowMs: number): void {
  sight.state = state ?? sight.state;
  if (state === null || ENDED.has(state.state)) {
    sight.endedSinceMs ??= nowMs;
  } else if (state.state === 'running') {
    sight.runningSinceMs ??= nowMs;
  }
}

function pendingWords(state: JobReport | null): string {
  const reason = state === null ? null : reasonOf.report(state, false);
  const token = state?.reasonToken ?? null;
  return `${reason?.message ?? 'it waits in the queue'}${token === null ? '' : ` (${token})`}`;
}

function waitWords({ jobId }: JobRef, state: JobReport | null): string {
  return state?.state === 'pending'
    ? `job ${jobId} waits: ${pendingWords(state)}`
    : `job ${jobId} ${state === null ? 'was handed over' : 'runs'}`;
}
