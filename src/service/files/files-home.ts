import { isAbsolute, posix } from 'node:path';
import type { Logger } from 'pino';
import { SluiceError } from '../../shared/errors';
import { isTerminal } from '../../shared/phases';
import type { FileAction, FileList, FileSummary, TaskFile } from '../../shared/wire/files';
import type { FileRow, FileStore, Work } from '../store/file-store';
import type { TaskRecord } from '../store/task-record';
import type { IClock } from '../tasks/clock';
import type { Hosts } from '../tasks/hosts';
import { untilConnected, waitsForPerson } from '../tasks/login-wait';
import { reasonOf } from '../tasks/reason';
import { isStoreFull, noteIfRoom } from '../tasks/store-full';
import type { TaskBoard } from '../tasks/task-board';
import type { HandedOver, ITaskFiles, Legacy, TakenUp } from '../tasks/task-files';
import { homeFolder, notebookKey, placeKey } from './home-place';
import { HomeRule } from './home-rule';
import type { HomeRunner } from './home-runner';
import { legacyOf, MOST_INHERITED_FILES } from './inherited';
import type { Lister } from './lister';
import { ProgressWords } from './progress-words';

export type FilesHomeOptions = {
  store: FileStore;
  board: TaskBoard;
  hosts: Hosts;
  lister: Lister;
  runner: HomeRunner;
  clock: IClock;
  log: Logger;
};

/** So much comes before the task has ended: then “completed” means that it is here. */
export const SOON_BYTES = 100e6;
const AGAIN_MS = [2000, 5000, 15_000, 30_000, 60_000] as const;
const NOTHING: FileSummary = { count: 0, bytes: 0, home: 0, there: 0, pinned: false };

const isPassing = (error: unknown): boolean =>
  isStoreFull(error) ||
  (error instanceof SluiceError && error.entry.family === 'ssh' && error.entry.retry);

/** The files that tasks wrote: which there are, where they are, and their way home. */
export class FilesHome implements ITaskFiles {
  private readonly stopping = new AbortController();
  /** Of each task with files on their way: ends the stream that is running, not the work. */
  private readonly turns = new Map<string, AbortController>();
  private readonly busy = new Map<string, Promise<boolean>>();

  constructor(private readonly options: FilesHomeOptions) {}

  prepare({ record, request, target, meant, place, manifest }: HandedOver): Legacy {
    const { store, board } = this.options;
    const rules = [{ fetch: request.fetch }, { fetchRules: target.fetchRules }] as const;
    // Whoever asked hears of a bad pattern before the queue, not after it.
    checkRules(...rules);
    const folder = homeFolder(request);
    const notebook = notebookKey(request);
    const key = placeKey(place);
    const isElsewhere = request.rehearsal && target.name !== meant.name;
    const earlier =
      notebook === null || isElsewhere
        ? []
        : store.earlier(notebook, key, 4 * MOST_INHERITED_FILES);
    const legacy = legacyOf({
      earlier,
      manifest,
      folder: folder ?? '/',
      runs: `${place.root}/runs`,
      attemptOf: id => board.find(id)?.attempt ?? null
    });
    if (!request.rehearsal) {
      const { cwd } = legacy.manifest;
      const work = { task: record.id, folder, cwd, notebook, place: key };
      store.begin({ ...work, rule: JSON.stringify(rules) }, sentOf(legacy));
    }
    return legacy;
  }

  takeUp({ record, place, target, cwd }: TakenUp): void {
    const rules = [{ fetch: { include: [], none: true } }, { fetchRules: target.fetchRules }];
    // Where its notebook lies here nobody knows: its files stay there until they are asked for.
    const work = { task: record.id, folder: null, cwd, notebook: null, place: placeKey(place) };
    this.options.store.begin({ ...work, rule: JSON.stringify(rules) }, new Map());
  }

  mayHave(record: TaskRecord): boolean {
    const { lister, store } = this.options;
    if (record.place === null || record.startedAt === null || store.work(record.id) === null) {
      return false;
    }
    // A worker that left an end record has told of its files, if it wrote any.
    return record.end === null || lister.told(record) !== null;
  }

  async comeHome(id: string, stop: AbortSignal): Promise<boolean> {
    const { board, store } = this.options;
    const work = store.work(id);
    if (work === null || !this.mayHave(board.get(id))) {
      return true;
    }
    if (!work.isListed && !(await this.patiently(id, stop, () => this.list(id, work)))) {
      return false;
    }
    this.tell(id);
    const hasCome = await this.bring(id, SOON_BYTES, stop);
    if (hasCome && store.load(id).files > 0) {
      this.inBackground(id);
    }
    return hasCome;
  }

  /** Take up what was on its way when the service last ended. */
  resume(): void {
    const { store, board } = this.options;
    for (const id of store.fetchingTasks()) {
      const record = board.find(id);
      if (record !== undefined && isTerminal(record.phase)) {
        this.inBackground(id);
      }
    }
  }

  page(id: string, offset: number, limit: number): FileList {
    const { store } = this.options;
    const rows = store.page(id, offset, limit + 1);
    return {
      summary: store.summary(id) ?? NOTHING,
      files: rows.slice(0, limit).map(toFile),
      nextOffset: rows.length > limit ? offset + limit : null
    };
  }

  /** Some of them, by their paths; what is none of the task's is left out. */
  named(id: string, paths: readonly string[]): FileList {
    const { store } = this.options;
    const rows = paths.map(path => store.get(id, path)).filter(row => row !== null);
    return { summary: store.summary(id) ?? NOTHING, files: rows.map(toFile), nextOffset: null };
  }

  /** Errors: `request-invalid`, `not-found` for a path that is none of the task's. */
  act(record: TaskRecord, { action, paths, into }: FileAction): void {
    const { store } = this.options;
    const { id } = record;
    paths?.forEach(path => {
      if (store.get(id, path) === null) {
        throw new SluiceError('not-found', { what: `file of task ${id}`, id: path });
      }
    });
    if (into !== null && (!isAbsolute(into) || into.includes('\0'))) {
      throw new SluiceError('request-invalid', { problem: `into: ${into} is no absolute path` });
    }
    switch (action) {
      case 'fetch': {
        const again =
          paths === null ? [] : (['home', 'beside', 'dismissed', 'taken', 'gone'] as const);
        const how = into === null ? {} : { into: posix.normalize(into) };
        store.move(id, paths, { from: ['there', ...again], to: 'fetching', ...how });
        this.inBackground(id);
        break;
      }
      case 'dismiss':
        store.move(id, paths, { from: ['there', 'refused', 'gone'], to: 'dismissed' });
        break;
      case 'cancel':
        this.cancel(record, paths);
        break;
      case 'look':
        return;
    }
    this.tell(id);
  }

  /** All that an ended task left has come to somebody as it is: nobody need be asked before it is cleaned. */
  noteTaken({ id }: TaskRecord): void {
    const moved = this.options.store.move(id, null, { from: ['there', 'refused'], to: 'taken' });
    if (moved > 0) {
      this.options.board.patch(id, { files: this.options.store.summary(id) });
    }
  }

  /** Resolves when nothing of this task is on its way any more. */
  async settled(id: string): Promise<void> {
    await this.busy.get(id);
  }

  get isBusy(): boolean {
    return this.busy.size > 0;
  }

  /** Stop; what was on its way is taken up again by the next service. */
  async close(): Promise<void> {
    this.stopping.abort();
    await Promise.allSettled(this.busy.values());
  }

  private cancel(record: TaskRecord, paths: readonly string[] | null): void {
    const { store, runner, log } = this.options;
    const { id } = record;
    const work = store.work(id);
    const rows = store.fetching(id, Number.MAX_SAFE_INTEGER);
    const ended = rows.filter(({ path }) => paths === null || paths.includes(path));
    const reason = 'fetching it was ended';
    store.move(id, paths, { from: ['fetching'], to: 'there', reason });
    this.turns.get(id)?.abort(new Error(reason));
    if (work !== null) {
      Promise.all(ended.map(row => runner.forget(record, work, row))).catch((error: unknown) => {
        log.warn({ task: id, err: error }, 'what was left of a file could not be removed');
      });
    }
  }

  private async list(id: string, work: Work): Promise<void> {
    const { lister, board, log } = this.options;
    try {
      await lister.list(board.get(id), work);
    } catch (error) {
      if (isPassing(error) || this.isLogin(id, error)) {
        throw error;
      }
      log.warn({ task: id, err: error }, 'the files could not be listed');
      const problem = error instanceof Error ? error.message : String(error);
      const text = `what the task wrote could not be listed: ${problem}`;
      const { notes } = board.get(id);
      board.patch(id, { notes: [...notes, { kind: 'file', name: 'work', text }] });
    }
  }

  private inBackground(id: string): void {
    this.bring(id, Number.POSITIVE_INFINITY, this.stopping.signal).catch((error: unknown) => {
      this.options.log.error({ task: id, err: error }, 'a fault of Sluice itself');
    });
  }

  /** One stream for a task at a time: a second caller's files join the first's. */
  private async bring(id: string, budgetBytes: number, stop: AbortSignal): Promise<boolean> {
    const before = this.busy.get(id);
    const work = (before ?? Promise.resolve(true))
      .catch(() => true)
      .then(() => this.bringAlone(id, budgetBytes, stop));
    this.busy.set(id, work);
    try {
      return await work;
    } finally {
      if (this.busy.get(id) === work) {
        this.busy.delete(id);
      }
    }
  }

  private async bringAlone(id: string, budgetBytes: number, stop: AbortSignal): Promise<boolean> {
    const { store, board } = this.options;
    const work = store.work(id);
    if (work === null || store.load(id).files === 0) {
      return true;
    }
    const ended = AbortSignal.any([stop, this.stopping.signal]);
    const hasCome = await this.patiently(id, ended, signal =>
      this.bringOnce(board.get(id), work, budgetBytes, signal)
    );
    if (hasCome) {
      this.tell(id);
    }
    return hasCome;
  }

  private async bringOnce(
    record: TaskRecord,
    work: Work,
    budgetBytes: number,
    signal: AbortSignal
  ): Promise<void> {
    const { runner, store, board, clock, log } = this.options;
    const { id } = record;
    const words = new ProgressWords(clock.elapsedMs, store.load(id), progress => {
      board.patch(id, { progress, files: store.summary(id) });
    });
    try {
      await runner.run({
        record,
        work,
        budgetBytes,
        signal,
        progress: (files, bytes) => {
          words.came(files, bytes);
        }
      });
    } catch (error) {
      if (signal.aborted || isPassing(error) || this.isLogin(id, error)) {
        throw error;
      }
      log.warn({ task: id, err: error }, 'files could not be fetched');
      const isGone = error instanceof SluiceError && error.details['missing'] === true;
      const reason = error instanceof Error ? error.message : String(error);
      store.move(id, null, { from: ['fetching'], to: isGone ? 'gone' : 'there', reason });
    }
  }

  /** Do something over a link that may be lost; false: the service stops. */
  private async patiently(
    id: string,
    stop: AbortSignal,
    action: (signal: AbortSignal) => Promise<void>
  ): Promise<boolean> {
    for (let tries = 0; !stop.aborted; tries += 1) {
      const turn = new AbortController();
      this.turns.set(id, turn);
      try {
        await action(AbortSignal.any([stop, turn.signal]));
        return true;
      } catch (error) {
        // Ended by whoever asked: what is left is looked at again.
        if (!AbortSignal.any([stop, turn.signal]).aborted) {
          await this.wait(id, error, tries, stop);
        }
      } finally {
        this.turns.delete(id);
      }
    }
    return false;
  }

  private async wait(id: string, error: unknown, tries: number, stop: AbortSignal): Promise<void> {
    const { board, clock, log } = this.options;
    const transport = this.transport(id);
    log.warn({ task: id, err: error }, 'fetching files is interrupted');
    if (waitsForPerson(error, transport)) {
      const { target, phase } = board.get(id);
      // How an ended task ended is not to be touched.
      if (isTerminal(phase)) {
        board.patch(id, { progress: `waiting for a login to ${transport.host}` });
      } else {
        board.patch(id, { reason: reasonOf.needsLogin(transport.host, target, error) });
      }
      await untilConnected(transport, stop);
      board.patch(id, isTerminal(phase) ? { progress: null } : { reason: null });
      return;
    }
    if (!isPassing(error)) {
      throw error;
    }
    const what = isStoreFull(error) ? 'room on the disk here' : 'the connection';
    noteIfRoom(log, () => board.patch(id, { progress: `waiting for ${what} to fetch the files` }));
    const ms = AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)] ?? 0;
    const again = new AbortController();
    const sooner = transport.onConnection(() => {
      if (transport.connection.state === 'connected') {
        again.abort();
      }
    });
    await clock.delay(ms, AbortSignal.any([stop, again.signal]));
    sooner();
  }

  private isLogin(id: string, error: unknown): boolean {
    return waitsForPerson(error, this.transport(id));
  }

  private transport(id: string): ReturnType<Hosts['transport']> {
    const { place } = this.options.board.get(id);
    if (place === null) {
      throw new SluiceError('not-found', { what: 'file of task', id });
    }
    return this.options.hosts.transport(place);
  }

  /** Let clients see where the files are. */
  private tell(id: string): void {
    const { board, store } = this.options;
    board.patch(id, { files: store.summary(id), progress: null });
  }
}

/** Errors: `config-invalid` and `request-invalid`, naming the pattern. */
function checkRules(...rules: ConstructorParameters<typeof HomeRule>): HomeRule {
  return new HomeRule(...rules);
}

function toFile({ rank: _rank, sha256: _sha256, into: _into, ...file }: FileRow): TaskFile {
  return file;
}

/** Hash of each data file that travels, by its path as seen from the notebook's folder. */
function sentOf({ manifest }: Legacy): Map<string, string> {
  const hashes = new Map(manifest.entries.map(({ place, sha256 }) => [place, sha256]));
  return new Map(
    manifest.files.map(({ from, to }) => [
      posix.relative(`/${manifest.cwd}`, `/${to}`),
      hashes.get(from) ?? ''
    ])
  );
}
