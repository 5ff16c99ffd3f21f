import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '../../shared/errors';
import type { Spilled } from '../../shared/wire/events';
import type { EventStore } from '../store/event-store';
import type { TaskRecord } from '../store/task-record';
import { fetchFile } from '../sync/fetch-file';
import { runDirectory } from './build-job';
import type { Hosts } from './hosts';

/** A large output that is here. */
export type OutputFile = { path: string; bytes: number; mime: string; form: Spilled['form'] };

const MOST_BYTES = 2 ** 30;

/** Brings outputs that were too large for their events: once each, whole and checked. */
export class OutputFiles {
  private readonly coming = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly events: EventStore,
    private readonly hosts: Hosts,
    private readonly resultsDir: string
  ) {}

  /**
   * The output of this hash, brought here when it is not; only one that an event of the task names, and
   * none without a valid seal does.
   *
   * Errors: `not-found`, `fetch-refused` for one that is too large, those of `fetchFile`.
   */
  async get(record: TaskRecord, sha256: string): Promise<OutputFile> {
    const named = this.events.spilled(record.id, sha256);
    const { place } = record;
    if (named === null || place === null) {
      throw new SluiceError('not-found', { what: `output of task ${record.id}`, id: sha256 });
    }
    const { attempt, spilled } = named;
    const { bytes, mime, form } = spilled;
    const folder = join(this.resultsDir, record.id);
    const path = join(folder, sha256);
    if ((await sizeOf(path)) !== bytes) {
      const there = `${runDirectory(place, record.id)}/attempts/${attempt}/outputs/${sha256}`;
      if (bytes > MOST_BYTES) {
        const problem = `an output of ${bytes} bytes is too large to be shown`;
        throw new SluiceError('fetch-refused', { path: there, problem });
      }
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const transport = this.hosts.transport(place);
      const expected = { bytes, sha256 };
      const { signal } = this.stopping;
      await this.once(path, () =>
        fetchFile({ transport, path: there, to: path, expected, signal }).then(() => undefined)
      );
    }
    return { path, bytes, mime, form };
  }

  /** Stop; what has come by then is taken up again. */
  close(): void {
    this.stopping.abort();
  }

  /** Whoever asks while it comes waits for the same. */
  private once(path: string, fetch: () => Promise<void>): Promise<void> {
    const work = this.coming.get(path) ?? fetch().finally(() => this.coming.delete(path));
    this.coming.set(path, work);
    return work;
  }
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return null;
    }
    throw error;
  }
}
