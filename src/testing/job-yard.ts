import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IScheduler, JobRef, JobReport, JobSpec } from '../service/schedulers/scheduler';
import { runShell, type ShellOptions } from './run-shell';
import { waitUntil } from './wait-until';

/** Stands in for Python: writes down its arguments, counts its runs, then does what `act` says. */
const RECORDER = `#!/bin/sh
here=$(dirname "$0")
shift
printf '%s\\0' "$@" >"$2/arguments"
echo ran >>"$2/count"
echo "to stdout"
echo "to stderr" >&2
if [ -f "$2/act" ]; then . "$2/act"; fi
`;

/** A root with jobs of one scheduler in it, on this machine. */
export class JobYard {
  private constructor(
    readonly scheduler: IScheduler,
    readonly root: string,
    private readonly base: string,
    private readonly shell: ShellOptions
  ) {}

  /** `name` is the root's own name, which may be hostile. */
  static async open(scheduler: IScheduler, name: string, shell: ShellOptions): Promise<JobYard> {
    const base = await mkdtemp(join(tmpdir(), 'jobs-'));
    const yard = new JobYard(scheduler, join(base, name), base, shell);
    await mkdir(yard.root, { recursive: true });
    await writeFile(yard.python, RECORDER);
    await chmod(yard.python, 0o755);
    return yard;
  }

  get python(): string {
    return join(this.root, 'recorder');
  }

  run(script: string): ReturnType<typeof runShell> {
    return runShell(script, this.shell);
  }

  /** Put a job's files in place; `act` is what it does once it runs. */
  async prepare(act = '', given: Partial<JobSpec> = {}): Promise<JobSpec> {
    const key = given.key ?? `sluice-${randomBytes(6).toString('hex')}`;
    const directory = join(this.root, 'runs', key);
    const job: JobSpec = {
      key,
      root: this.root,
      directory,
      setup: [],
      python: this.python,
      workerPath: join(this.root, 'worker/1'),
      resources: {},
      ...given
    };
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'act'), act);
    await writeFile(join(directory, 'script.sh'), this.scheduler.buildScript(job));
    return job;
  }

  /** Submit a job that must be accepted. */
  async submit(job: JobSpec): Promise<JobRef> {
    const outcome = this.scheduler.parseSubmit(await this.run(this.scheduler.buildSubmit(job)));
    if (outcome.kind !== 'accepted') {
      throw new Error(`${outcome.kind}: ${outcome.message}`);
    }
    return { key: job.key, directory: job.directory, jobId: outcome.jobId };
  }

  /** What the scheduler says of these jobs; it must answer. */
  async ask(...jobs: JobRef[]): Promise<JobReport[]> {
    const answer = await this.run(this.scheduler.buildQuery(jobs));
    const outcome = this.scheduler.parseQuery(answer, jobs);
    if (outcome.kind !== 'answered') {
      throw new Error(outcome.message);
    }
    return outcome.reports;
  }

  /** The report on a job once it is in this state. */
  async untilIn(job: JobRef, state: JobReport['state'], limitMs?: number): Promise<JobReport> {
    let report: JobReport | undefined;
    const isSo = async (): Promise<boolean> => {
      [report] = await this.ask(job);
      return report?.state === state;
    };
    await waitUntil(`${job.key} is ${state}`, isSo, limitMs);
    return report as JobReport;
  }

  async cancel(...jobs: JobRef[]): Promise<{ ok: boolean; message: string }> {
    return this.scheduler.parseCancel(await this.run(this.scheduler.buildCancel(jobs)));
  }

  /** Text of a file in the job's directory; null: it is not there. */
  async read(job: { directory: string }, name: string): Promise<string | null> {
    const path = join(job.directory, name);
    return existsSync(path) ? readFile(path, 'utf8') : null;
  }

  /** Wait until the job itself has begun. */
  async untilBegun(job: { directory: string; key: string }): Promise<void> {
    await waitUntil(`${job.key} has begun`, async () => (await this.read(job, 'count')) !== null);
  }

  /** True when a hostile value became a command. */
  isCanaryDead(): boolean {
    return [this.base, this.root, process.cwd()].some(place => existsSync(join(place, 'canary')));
  }

  async close(): Promise<void> {
    await rm(this.base, { recursive: true });
  }
}
