import type { Logger } from 'pino';
import { SluiceError } from '../../shared/errors';
import type { Phase } from '../../shared/phases';
import type { AdoptReport, AdoptRequest, FoundRun } from '../../shared/wire/adopt';
import type { JobReport, JobState } from '../schedulers/scheduler';
import type { Target } from '../targets/target';
import type { TargetBook } from '../targets/target-book';
import type { Hosts } from '../tasks/hosts';
import { toAnswer } from '../tasks/poller';
import type { ITransport } from '../transports/transport';
import { type AdoptedTask, adoptedTask } from './adopted-task';
import { readRun, type Run } from './read-run';
import {
  buildRunFolders,
  buildRunNames,
  parseRunFolders,
  parseRunNames,
  type RunFolder
} from './run-list-script';

export type AdopterOptions = {
  hosts: Hosts;
  targets: TargetBook;
  log: Logger;
  /** Whether this service has a record of the task. */
  isKnown: (id: string) => boolean;
  /** Take a task up: on disk when it returns, and followed from then on. */
  takeUp: (task: AdoptedTask) => void;
};

const NAMES_TIMEOUT_MS = 60_000;
const FOLDERS_TIMEOUT_MS = 120_000;
/** One script for so many folders. */
const BATCH = 200;

const PHASE_OF_END = {
  ok: 'completed',
  error: 'failed',
  'time-up': 'timed-out',
  // Who had it ended, only the scheduler knows.
  terminated: 'unknown'
} as const satisfies Record<NonNullable<Run['endStatus']>, Phase>;

const PHASE_OF_STATE: Readonly<Record<JobState, Phase>> = {
  pending: 'queued',
  running: 'running',
  // Without an end record that is not known to be a success.
  completed: 'unknown',
  failed: 'failed',
  canceled: 'canceled',
  'timed-out': 'timed-out',
  'out-of-memory': 'out-of-memory',
  'node-failed': 'node-failed',
  preempted: 'preempted',
  other: 'unknown'
};

/** Finds tasks on a target of which this machine has no record, and takes them over. */
export class Adopter {
  constructor(private readonly options: AdopterOptions) {}

  /**
   * List the runs below the target's root that are not known here, and (unless it is a dry run) take
   * over those that are asked for.
   *
   * Errors: `target-unknown`, `config-invalid`, `adopt-refused` for an asked one, and those of the
   * transport.
   */
  async adopt(name: string, request: AdoptRequest): Promise<AdoptReport> {
    const target = await this.options.targets.find(name, request.projectDir);
    const transport = this.options.hosts.transport(target);
    const { root, folders } = await this.look(transport, target);
    const runs = folders.map(folder => ({ folder, run: readRun(folder) }));
    const reports = await this.ask(transport, target, root, runs);
    const wanted = request.ids === null ? null : new Set(request.ids);
    if (wanted !== null) {
      this.refuseMissing([...wanted], { runs, root, host: transport.host });
    }
    const found = runs.map(({ folder, run }): FoundRun => {
      if (typeof run === 'string') {
        return unreadable(folder, run);
      }
      const adopted = !request.dryRun && (wanted?.has(run.id) ?? true);
      if (adopted) {
        this.takeUp(run, target, root);
      }
      return { ...toFound(run, reports.get(run.id)), adopted };
    });
    return { target: target.name, root: root || target.root, found };
  }

  private takeUp(run: Run, target: Target, root: string): void {
    const { takeUp, log } = this.options;
    takeUp(adoptedTask(run, target, root));
    log.info({ task: run.id, from: run.note.host, target: target.name }, 'taken over');
  }

  private async look(
    transport: ITransport,
    { root }: Target
  ): Promise<{ root: string; folders: RunFolder[] }> {
    const action = 'look for runs';
    const names = await transport.run(buildRunNames(root), {
      action,
      timeoutMs: NAMES_TIMEOUT_MS
    });
    const listed = parseRunNames(names.stdout.toString());
    const unknown = listed.names.filter(name => !this.options.isKnown(name));
    const folders: RunFolder[] = [];
    for (let at = 0; at < unknown.length; at += BATCH) {
      const some = unknown.slice(at, at + BATCH);
      const script = buildRunFolders(listed.root, some);
      const { stdout } = await transport.run(script, { action, timeoutMs: FOLDERS_TIMEOUT_MS });
      folders.push(...parseRunFolders(stdout.toString(), some));
    }
    return { root: listed.root, folders };
  }

  /** What the scheduler says of those that have not ended: one question for all. */
  private async ask(
    transport: ITransport,
    target: Target,
    root: string,
    runs: readonly { run: Run | string }[]
  ): Promise<Map<string, JobReport>> {
    const jobs = runs.flatMap(({ run }) =>
      typeof run === 'string' || run.jobId === null || run.endStatus !== null
        ? []
        : [{ key: run.id, jobId: run.jobId, directory: `${root}/runs/${run.id}` }]
    );
    if (jobs.length === 0) {
      return new Map();
    }
    const scheduler = this.options.hosts.scheduler(target.scheduler);
    const text = scheduler.buildQuery(jobs);
    const action = 'ask for the state of the jobs';
    const result = await transport.run(text, { action, timeoutMs: NAMES_TIMEOUT_MS });
    const outcome = scheduler.parseQuery(toAnswer(result), jobs);
    return new Map(
      outcome.kind === 'answered' ? outcome.reports.map(report => [report.key, report]) : []
    );
  }

  private refuseMissing(
    ids: readonly string[],
    at: { runs: readonly { folder: RunFolder; run: Run | string }[]; root: string; host: string }
  ): void {
    for (const id of ids) {
      const run = at.runs.find(({ folder }) => folder.id === id)?.run;
      if (run === undefined || typeof run === 'string') {
        const missing = this.options.isKnown(id) ? 'it is known here already' : 'it is not there';
        const directory = `${at.root}/runs`;
        throw new SluiceError('adopt-refused', {
          id,
          host: at.host,
          problem: run ?? missing,
          directory
        });
      }
    }
  }
}

function toFound(
  { id, note, jobId, endStatus }: Run,
  report: JobReport | undefined
): Omit<FoundRun, 'adopted'> {
  const state = report === undefined ? 'other' : report.state;
  return {
    task: id,
    title: note.title,
    notebookPath: note.origin?.notebookPath ?? null,
    submittedAt: note.submittedAt,
    host: note.host,
    jobId,
    phase: endStatus === null ? PHASE_OF_STATE[state] : PHASE_OF_END[endStatus],
    problem: null
  };
}

function unreadable({ id, jobId }: RunFolder, problem: string): FoundRun {
  return {
    task: id,
    title: '',
    notebookPath: null,
    submittedAt: null,
    host: null,
    jobId,
    phase: 'unknown',
    adopted: false,
    problem
  };
}
