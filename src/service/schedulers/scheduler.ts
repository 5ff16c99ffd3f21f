import type { Resources } from '../../shared/wire/resources';
import type { Usage } from '../../shared/wire/task';

/** All that a scheduler needs to know of a job; paths are absolute on the host. */
export type JobSpec = {
  /** Opaque key: the job's name, and the name of its directory. */
  key: string;
  /** `<root>` of the target. */
  root: string;
  /** `<root>/runs/<key>`. */
  directory: string;
  /** Lines run before the worker, such as `module load`. */
  setup: readonly string[];
  python: string;
  /** `<root>/worker/<version>`. */
  workerPath: string;
  resources: Resources;
  /** Jobs of a word of their own wait for no others, where slots are shared out; absent: all share. */
  lane?: string;
};

/** Where to look for a job of which only the key is sure. */
export type JobPlace = Pick<JobSpec, 'key' | 'directory'>;

export type JobRef = JobPlace & { jobId: string };

/** What a command answered, banner already removed. */
export type Answer = { status: number; stdout: string; stderr: string };

export type SubmitOutcome =
  | { kind: 'accepted'; jobId: string }
  /** The scheduler said no, in these words; no job exists. */
  | { kind: 'refused'; message: string }
  /** The scheduler could not be reached; no job exists, and the same stub may be run again. */
  | { kind: 'unavailable'; message: string }
  /** The run was given up before: nothing was submitted, and nothing will be. */
  | { kind: 'fenced'; message: string }
  /** It cannot be told whether a job exists. */
  | { kind: 'unclear'; message: string };

export type JobState =
  | 'pending'
  | 'running'
  | 'completed'
  | 'failed'
  | 'canceled'
  | 'timed-out'
  | 'out-of-memory'
  | 'node-failed'
  | 'preempted'
  /** A word that we do not know: never terminal. */
  | 'other';

/** Who ended a job; `name`: where the host knows one. */
export type Canceler = { kind: 'you' | 'admin' | 'other'; name: string | null };

/** What the scheduler says of one job. Jobs it does not mention are absent from the answer. */
export type JobReport = {
  jobId: string;
  key: string;
  state: JobState;
  /** The scheduler's own words for state and reason. */
  token: string;
  reasonToken: string | null;
  node: string | null;
  restarts: number;
  exitCode: number | null;
  signal: number | null;
  estimatedStart: string | null;
  /** Of this start, as seconds since the epoch on the cluster; absent, like the rest below: it does not tell. */
  startedAt?: number | null;
  endedAt?: number | null;
  canceledBy?: Canceler | null;
  usage?: Usage | null;
  /** Its starts before this one, the first one first. */
  former?: JobReport[];
};

/** When the worker of an attempt last said that it lives, by the clock of the file system. */
export type Heartbeat = { jobId: string; attempt: number; at: number };

export type QueryOutcome =
  | {
      kind: 'answered';
      reports: JobReport[];
      /** The host's time of the question, as seconds since the epoch. */
      at?: number;
      /** Of jobs that the queue does not show as waiting or running. */
      heartbeats?: Heartbeat[];
      /** Why the books of ended jobs could not be asked, in their words; absent: they could, or need not be. */
      books?: string;
    }
  /** The scheduler could not be asked; says nothing about any job. */
  | { kind: 'unanswered'; message: string };

/** What the scheduler would say to a submit; the message is a refusal's or a warning's. */
export type TestOutcome = {
  accepted: boolean;
  /** ISO 8601. */
  estimatedStart: string | null;
  message: string | null;
};

/**
 * A way of starting jobs. Pure: it builds the text that a transport runs in POSIX sh and reads the
 * answer; it does no I/O. Every text is safe for any value in its arguments.
 */
export interface IScheduler {
  readonly name: 'slurm' | 'process';
  /** Text of `script.sh`, which runs setup lines and then the worker. */
  buildScript(job: JobSpec): string;
  /**
   * The submit stub: under `mkdir` of `<directory>/submit` it submits at most once for this key, stores
   * the id in `<directory>/job-id` by rename, and prints it; run again, it prints the stored id, or tells that it cannot know.
   */
  buildSubmit(job: JobSpec): string;
  parseSubmit(answer: Answer): SubmitOutcome;
  /** The id among whole lines that the submit's command printed; null: there is none. */
  printedId(lines: readonly string[]): string | null;
  /** Look for jobs of this key, for a submit whose answer was lost. */
  buildSearch(place: JobPlace): string;
  parseSearch(answer: Answer): QueryOutcome;
  /** One batched question for all of these jobs. */
  buildQuery(jobs: readonly JobRef[]): string;
  parseQuery(answer: Answer, jobs: readonly JobRef[]): QueryOutcome;
  /** Cancel; a job that is already gone is not an error. */
  buildCancel(jobs: readonly JobRef[]): string;
  parseCancel(answer: Answer): { ok: boolean; message: string };
  /**
   * Ask of each job, in one script, whether it would be accepted, and when it would start; nothing is
   * submitted, and nothing of the jobs needs to be on the host. Null: this scheduler cannot tell.
   */
  buildTest(jobs: readonly JobSpec[]): string | null;
  /** As many outcomes as jobs, in their order. */
  parseTest(answer: Answer, jobs: readonly JobSpec[]): TestOutcome[];
  /** Ask for the queues that a job may name; null: there are none. */
  buildQueues(): string | null;
  parseQueues(answer: Answer): string[];
}
