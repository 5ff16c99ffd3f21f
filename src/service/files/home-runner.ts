import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, realpath, rm } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import { SluiceError } from '../../shared/errors';
import type { FileRow, FileStore, Settled, Work } from '../store/file-store';
import type { TaskRecord } from '../store/task-record';
import { fetchFile } from '../sync/fetch-file';
import type { Hosts } from '../tasks/hosts';
import type { ITransport } from '../transports/transport';
import { type Footing, type Ground, makeChosen, placeOf, prepareGround } from './ground';
import { type Arrival, CHANGED, cutBatch, fetchBatch } from './home-batch';
import { land } from './land';
import { attemptFolder, levelsIn } from './lister';

export type HomeRunnerOptions = {
  store: FileStore;
  hosts: Hosts;
  nowMs: () => number;
  /** What the person's own programs leave out of the permissions of what they make. */
  umask: number;
};

export type HomeRun = {
  record: TaskRecord;
  work: Work;
  /** Leave the rest when so many bytes have come. */
  budgetBytes: number;
  signal: AbortSignal;
  /** Files and bytes that came, of those of this run. */
  progress: (files: number, bytes: number) => void;
};

/** Larger ones come one by one, so that a cut costs nothing of what was there. */
const MOST_SMALL_BYTES = 4 * 2 ** 20;
const ROWS_AT_ONCE = 2000;
const WORD_LENGTH = 9;
const NO_FOLDER =
  'no folder here is known that it belongs to; name one when you fetch it, as in `sluice fetch ID DIR --file PATH`';

/** What the disk here may say of one file, which is no fault of the link. */
const LOCAL_FAULTS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk here is full',
  EDQUOT: 'your quota here is used up',
  EACCES: 'it may not be written here',
  EPERM: 'it may not be written here',
  EROFS: 'the disk here cannot be written',
  ENAMETOOLONG: 'its name is too long for the disk here',
  EILSEQ: 'the disk here cannot hold its name',
  EINVAL: 'the disk here cannot hold its name',
  ENOENT: 'its folder here has gone',
  ENOTDIR: 'its folder here is a file',
  EISDIR: 'a folder here has its name',
  ELOOP: 'its folder here is a link'
};

/** Brings the files of one task that are on their way, and stores how each ended up. */
export class HomeRunner {
  constructor(private readonly options: HomeRunnerOptions) {}

  /** Errors: `download-failed`, those of the transport, and the signal's reason. */
  async run(run: HomeRun): Promise<void> {
    const { store } = this.options;
    const count = { files: 0, bytes: 0 };
    for (;;) {
      run.signal.throwIfAborted();
      const rows = store.fetching(run.record.id, ROWS_AT_ONCE);
      const first = rows[0];
      if (first === undefined || count.bytes + first.bytes > run.budgetBytes) {
        return;
      }
      const small = cutBatch(rows.filter(({ bytes }) => bytes <= MOST_SMALL_BYTES));
      const base = { ...count };
      if (small.length > 0) {
        await this.bringSmall(run, small, row => {
          count.files += 1;
          count.bytes += row.bytes;
          run.progress(count.files, count.bytes);
        });
      } else {
        await this.bringLarge(run, first, bytes => {
          run.progress(base.files, base.bytes + bytes);
        });
        count.files += 1;
        count.bytes += first.bytes;
      }
    }
  }

  /** Take away what is left of a file that is not wanted any more. */
  async forget(record: TaskRecord, work: Work, row: FileRow): Promise<void> {
    const ground = this.ground(work, row);
    if (ground !== null) {
      const path = placeOf(ground, row.path);
      await rm(partPath(join(path, '..'), record, row.path), { force: true });
    }
  }

  private async bringSmall(
    run: HomeRun,
    rows: readonly FileRow[],
    came: (row: FileRow) => void
  ): Promise<void> {
    const { record, work, signal } = run;
    const byPlace = new Map(rows.map(row => [posix.join(work.cwd, row.path), row]));
    const wanted = [...byPlace].map(([path, { bytes }]) => ({ path, bytes }));
    const folder = `${attemptFolder(record)}/work`;
    const transport = this.transport(record);
    for await (const arrival of fetchBatch({ transport, folder, wanted, signal })) {
      const row = byPlace.get(arrival.path);
      if (row !== undefined) {
        await this.take(run, row, arrival);
        came(row);
      }
    }
  }

  private async take(run: HomeRun, row: FileRow, arrival: Arrival): Promise<void> {
    if ('problem' in arrival) {
      const { isGone, problem: reason, nowBytes: bytes } = arrival;
      this.settle(run, row, { state: isGone ? 'gone' : 'there', reason, bytes });
      return;
    }
    await this.place(run, row, async footing => {
      const part = partPath(footing.folder, run.record, row.path);
      try {
        await writePart(part, arrival.content);
      } catch (error) {
        // Half a file would only keep a full disk full.
        await rm(part, { force: true });
        throw error;
      }
      await this.land(run, row, { ...footing, part, sha256: arrival.sha256 });
    });
  }

  private async bringLarge(
    run: HomeRun,
    row: FileRow,
    progress: (bytes: number) => void
  ): Promise<void> {
    const { record, work, signal } = run;
    const path = posix.join(attemptFolder(record), 'work', work.cwd, row.path);
    await this.place(run, row, async footing => {
      const partPathHere = partPath(footing.folder, record, row.path);
      const transport = this.transport(record);
      try {
        const { sha256 } = await fetchFile({
          transport,
          path,
          to: footing.path,
          expected: { bytes: row.bytes, sha256: null },
          signal,
          progress,
          partPath: partPathHere,
          publish: () => Promise.resolve()
        });
        await this.land(run, row, { ...footing, part: partPathHere, sha256 });
      } catch (error) {
        this.settleFault(run, row, error);
      } finally {
        // What is still wanted goes on from there.
        if (this.options.store.get(record.id, row.path)?.state !== 'fetching') {
          await rm(partPathHere, { force: true });
        }
      }
    });
  }

  /** What is the matter with one file alone stays with it; all else is the caller's. */
  private settleFault(run: HomeRun, row: FileRow, error: unknown): void {
    if (!(error instanceof SluiceError)) {
      const problem = LOCAL_FAULTS[(error as NodeJS.ErrnoException).code ?? ''];
      if (problem === undefined) {
        throw error;
      }
      this.settle(run, row, { state: 'there', reason: problem });
      return;
    }
    if (error.code === 'download-failed' && error.details['missing'] === true) {
      this.settle(run, row, { state: 'gone', reason: 'it is not there any more' });
    } else if (error.code === 'file-changed') {
      const { bytes } = error.details;
      const now = typeof bytes === 'number' ? { bytes } : {};
      this.settle(run, row, { state: 'there', reason: CHANGED, ...now });
    } else if (error.code === 'fetch-refused' || error.code === 'download-failed') {
      this.settle(run, row, { state: 'there', reason: String(error.details['problem']) });
    } else {
      throw error;
    }
  }

  /** Do something at the place of a file; what the disk here has against it is its reason to stay. */
  private async place(
    run: HomeRun,
    row: FileRow,
    action: (footing: Extract<Footing, { path: string }>) => Promise<void>
  ): Promise<void> {
    try {
      const ground = this.ground(run.work, row);
      const footing = ground === null ? { problem: NO_FOLDER } : await firmGround(ground, row.path);
      if ('problem' in footing) {
        const state = ground === null ? 'there' : 'refused';
        this.settle(run, row, { state, reason: footing.problem });
        return;
      }
      await action(footing);
    } catch (error) {
      const problem = LOCAL_FAULTS[(error as NodeJS.ErrnoException).code ?? ''];
      if (problem === undefined || error instanceof SluiceError) {
        throw error;
      }
      this.settle(run, row, { state: 'there', reason: problem });
    }
  }

  private async land(
    run: HomeRun,
    row: FileRow,
    came: { folder: string; path: string; part: string; sha256: string }
  ): Promise<void> {
    const { record } = run;
    const { part, path, sha256 } = came;
    const notebook = record.origin?.notebookPath ?? null;
    const landed = await land({
      part,
      path,
      sha256,
      replaceable: this.replaceable(run, row, path),
      isKept: notebook !== null && isSameName(basename(path), basename(notebook)),
      word: record.id.slice(0, WORD_LENGTH),
      umask: this.options.umask
    });
    const reason = landed.state === 'beside' ? `${basename(path)} here is another one` : null;
    this.settle(run, row, { state: landed.state, localPath: landed.path, reason, sha256 });
  }

  /** What may lie at a file's place that no person made since the task was submitted. */
  private replaceable({ record }: HomeRun, row: FileRow, path: string): string[] {
    const { store } = this.options;
    const last = store.lastHome(path);
    const isOlder = last !== null && last.atMs < record.submittedAt;
    const own = last !== null && (last.task === record.id || (isOlder && row.into === null));
    const sent = row.into === null ? store.sentHash(record.id, row.path) : null;
    return [sent, own ? last.sha256 : null].filter(hash => hash !== null);
  }

  private ground(work: Work, row: FileRow): Ground | null {
    const { umask } = this.options;
    if (row.into !== null) {
      return { folder: row.into, levels: 0, umask, isChosen: true };
    }
    return work.folder === null
      ? null
      : { folder: work.folder, levels: levelsIn(work), umask, isChosen: false };
  }

  private settle({ record }: HomeRun, row: FileRow, settled: Settled): void {
    this.options.store.settle(record.id, row.path, settled, this.options.nowMs());
  }

  private transport({ place, id }: TaskRecord): ITransport {
    if (place === null) {
      throw new SluiceError('not-found', { what: 'file of task', id });
    }
    return this.options.hosts.transport(place);
  }
}

async function firmGround(ground: Ground, path: string): Promise<Footing> {
  if (ground.isChosen) {
    await makeChosen(ground);
  } else if ((await realpath(ground.folder).catch(() => null)) === null) {
    return { problem: `the folder ${ground.folder} is not here any more` };
  }
  return prepareGround(ground, path);
}

function isSameName(one: string, other: string): boolean {
  return one.normalize('NFKC').toLowerCase() === other.normalize('NFKC').toLowerCase();
}

/** Where a file grows: in the folder of its place, under a name that is always the same. */
function partPath(folder: string, { id }: TaskRecord, path: string): string {
  const hash = createHash('sha256').update(path).digest('hex').slice(0, 12);
  return join(folder, `.sluice-${id}-${hash}.part`);
}

async function writePart(path: string, content: Buffer): Promise<void> {
  const { O_CREAT, O_NOFOLLOW, O_TRUNC, O_WRONLY } = constants;
  const file = await open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}
