import type { ResultVariable } from '../../shared/wire/events';
import type { Note } from '../../shared/wire/capture';
import type { Phase, PublicPhase } from '../../shared/phases';
import type { Resources } from '../../shared/wire/resources';
import type { FileSummary } from '../../shared/wire/files';
import type { FormerAttempt, HomeVariable, Origin, Reason, Usage } from '../../shared/wire/task';

/** Where a task goes, settled when it was prepared; later changes of the configuration do not reach it. */
export type Place = {
  scheduler: 'slurm' | 'process';
  host: string | null;
  sshConfig: string | null;
  /** Absolute on the host. */
  root: string;
  python: string;
  setup: string[];
  /** How far the person trusted the target then; absent: not at all. */
  trust?: 'none' | 'outputs' | 'pickles';
};

/** The worker's end record, as far as the service needs it. */
export type EndRecord = {
  status: 'ok' | 'error' | 'terminated' | 'time-up';
  exitCode: number | null;
  signal: number | null;
  ename: string | null;
  evalue: string | null;
  lastSeq: number;
  /** Absent: the worker was of a version that did not tell. */
  usage?: Usage;
  /** Why it left early, as far as the worker knows. */
  cause?: 'time-limit' | 'asked' | 'memory' | null;
};

/** What the job's script wrote when its worker had ended, however that was. */
export type ExitRecord = {
  /** Status of the worker's process, above 128 for a signal. */
  status: number;
  /** The kernel ended a process of the job for want of memory; null: it cannot be told. */
  oomKills: number | null;
  /** Seconds since the epoch on the cluster. */
  at: number;
};

/** All that the service remembers of a task, beside its request and its events. */
export type TaskRecord = {
  id: string;
  requestId: string;
  kind: 'cell' | 'script';
  /** It only tries whether all that is needed travels. */
  rehearsal: boolean;
  origin: Origin | null;
  title: string;
  sourceSha256: string;
  target: string;
  resources: Resources;
  phase: Phase;
  /** The public word that was last certain; shown while the phase is `unknown`. */
  lastPublic: PublicPhase;
  reason: Reason | null;
  progress: string | null;
  place: Place | null;
  /** What is handed to the scheduler; kept until it took it, so that a restart hands over the same. */
  handOver: { spec: string; workerPlace: string } | null;
  jobId: string | null;
  attempt: number;
  node: string | null;
  cancelRequested: boolean;
  submittedAt: number;
  queuedAt: number | null;
  startedAt: number | null;
  endedAt: number | null;
  end: EndRecord | null;
  /** The end phase that waits for `fetching` to be done, with its reason. */
  outcome: { phase: Phase; reason: Reason | null } | null;
  results: ResultVariable[];
  variables: HomeVariable[];
  /** Of the files that it wrote; null: it has not ended, or wrote none. */
  files: FileSummary | null;
  /** What preparing found to be worth a person's look. */
  notes: Note[];
  /** Hex; the worker seals its events with it. Null: a task of a version without seals. */
  eventKey: string | null;
  usage: Usage | null;
  formerAttempts: FormerAttempt[];
  isPartial: boolean;
  estimatedStart: string | null;
  nextCheckAt: number | null;
  hasUnverified: boolean;
  adoptedFrom: string | null;
};
