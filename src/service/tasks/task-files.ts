import type { Manifest } from '../../capture/manifest';
import type { Note } from '../../shared/wire/capture';
import type { SubmitRequest } from '../../shared/wire/submit';
import type { Place, TaskRecord } from '../store/task-record';
import type { Target } from '../targets/target';

/** A file that an earlier task left on the host: absolute there, and its place below `work/`. */
export type Inherited = { from: string; to: string };

export type HandedOver = {
  record: TaskRecord;
  request: SubmitRequest;
  target: Target;
  /** The target whose run is rehearsed on this one; otherwise the target itself. */
  meant: Target;
  place: Place;
  manifest: Manifest;
};

/** A task that another service had handed over. */
export type TakenUp = {
  record: TaskRecord;
  place: Place;
  target: Pick<Target, 'fetchRules'>;
  /** Below `work/`, where it runs. */
  cwd: string;
};

/** What earlier tasks left for a new one, and the manifest with a `work/` that has room for it. */
export type Legacy = { manifest: Manifest; inherited: Inherited[]; notes: Note[] };

/** The files that tasks write, as far as the life of a task depends on them. */
export interface ITaskFiles {
  /**
   * Settle what a task's files will be held against, and what of earlier ones it will find. May be
   * called again for the same task. Errors: `config-invalid`, `request-invalid` for bad rules.
   */
  prepare(handedOver: HandedOver): Legacy;
  /** Settle the same for a task of which no request is known: its files are listed, and stay there. */
  takeUp(task: TakenUp): void;
  /** Whether an ended task may have written files, so that it goes by way of `fetching`. */
  mayHave(record: TaskRecord): boolean;
  /**
   * List what an ended task wrote, and bring home what comes by itself and is soon here; the rest
   * follows in the background. A lost link is waited out; any other fault stays with the files.
   * False: the service stops.
   */
  comeHome(id: string, stop: AbortSignal): Promise<boolean>;
  /** Take up what was on its way when the service last ended. */
  resume(): void;
  /** Something is on its way, of a task that may have ended. */
  readonly isBusy: boolean;
}

/** Where no files come home: for those who only try what travels. */
export const noTaskFiles: ITaskFiles = {
  prepare: ({ manifest }) => ({ manifest, inherited: [], notes: [] }),
  takeUp: () => undefined,
  mayHave: () => false,
  comeHome: () => Promise.resolve(true),
  resume: () => undefined,
  isBusy: false
};
