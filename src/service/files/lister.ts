import { SluiceError } from '../../shared/errors';
import { shQuote } from '../../shared/sh-quote';
import type { TaskEvent } from '../../shared/wire/events';
import type { EventStore } from '../store/event-store';
import type { FileStore, Work } from '../store/file-store';
import type { TaskRecord } from '../store/task-record';
import type { Hosts } from '../tasks/hosts';
import type { ITransport } from '../transports/transport';
import { buildFind, FIND_NO_FOLDER, parseFind, withoutScript } from './find-script';
import { parseHashes } from './home-batch';
import { chooseHome, HomeRule } from './home-rule';
import { type ListedFile, parseListLine, toRow } from './listed-file';

export type ListerOptions = {
  store: FileStore;
  events: EventStore;
  hosts: Hosts;
  nowMs: () => number;
};

type FilesEvent = Extract<TaskEvent, { type: 'files' }>['data'];

const PIECE_BYTES = 4 * 2 ** 20;
/** So many lines are far more than a disk of a user may hold. */
const MOST_LIST_BYTES = 2 ** 30;
const ROWS_AT_ONCE = 5000;
const TIMEOUT_MS = 300_000;
const MOST_HASHED = 1000;

/** Folder of a task's newest attempt on its host. */
export function attemptFolder({ place, id, attempt }: TaskRecord): string {
  return `${place?.root ?? ''}/runs/${id}/attempts/${attempt}`;
}

/** How many folders above the notebook's own a task has. */
export function levelsIn({ cwd }: Pick<Work, 'cwd'>): number {
  return cwd === '' ? 0 : cwd.split('/').length;
}

/** Learns which files an ended task wrote, and which of them come home by themselves. */
export class Lister {
  constructor(private readonly options: ListerOptions) {}

  /** What the worker said of its files; null: nothing. */
  told({ id, attempt }: TaskRecord): FilesEvent | null {
    const event = this.options.events.newest(id, attempt, 'files');
    return event?.type === 'files' ? event.data : null;
  }

  /** Errors: `download-failed`, and those of the transport. */
  async list(record: TaskRecord, work: Work): Promise<void> {
    const { store, nowMs } = this.options;
    const rule = new HomeRule(...(JSON.parse(work.rule) as ConstructorParameters<typeof HomeRule>));
    const levels = levelsIn(work);
    store.clear(record.id);
    for await (const files of this.files(record, work)) {
      store.add(
        record.id,
        files.map(file => toRow(file, rule, levels))
      );
    }
    const chosen = chooseHome(store.ranked(record.id), rule.maxBytes);
    if (work.folder !== null) {
      store.move(record.id, chosen, { from: ['there'], to: 'fetching' });
    }
    store.setListed(record.id, nowMs());
  }

  private async *files(record: TaskRecord, work: Work): AsyncIterable<ListedFile[]> {
    const told = this.told(record);
    if (told === null || !told.isWhole || (told.list === null && told.listed < told.count)) {
      yield await this.find(record, work);
    } else if (told.listed === told.count) {
      yield this.options.events
        .ofType(record.id, record.attempt, 'file')
        .flatMap(event => (event.type === 'file' ? [event.data] : []));
    } else {
      yield* this.read(record);
    }
  }

  /** The worker's own list, a piece at a time. */
  private async *read(record: TaskRecord): AsyncIterable<ListedFile[]> {
    const transport = this.transport(record);
    // A name of ours: what the event says of it is the host's word.
    const path = `${attemptFolder(record)}/files.jsonl`;
    let rest = '';
    for (let offset = 0; offset < MOST_LIST_BYTES; offset += PIECE_BYTES) {
      const piece = await transport.read(path, { offset, length: PIECE_BYTES });
      const lines = (rest + piece.toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      for (let from = 0; from < lines.length; from += ROWS_AT_ONCE) {
        const found = lines.slice(from, from + ROWS_AT_ONCE).map(parseListLine);
        yield found.filter(file => file !== null);
      }
      if (piece.length < PIECE_BYTES) {
        return;
      }
    }
  }

  /** The worker is dead: look what it left. */
  private async find(record: TaskRecord, work: Work): Promise<ListedFile[]> {
    const transport = this.transport(record);
    const folder = `${attemptFolder(record)}/work`;
    const { status, stdout, stderr } = await transport.run(buildFind(folder), {
      action: 'list the files',
      timeoutMs: TIMEOUT_MS
    });
    if (status === FIND_NO_FOLDER) {
      return [];
    }
    // A folder that may not be read leaves the rest of the list good.
    if (status !== 0 && stdout.length === 0) {
      const { host } = transport;
      throw new SluiceError('download-failed', { path: folder, host, problem: stderr.trim() });
    }
    const sent = this.options.store.sentPaths(record.id);
    const names = new Set(sent.map(({ path }) => path));
    const found = parseFind(stdout, work.cwd, names);
    const files = record.kind === 'script' ? withoutScript(found, names) : found;
    const same = await this.unchanged(transport, `${folder}/${work.cwd}`, sent);
    return files.filter(({ path }) => !same.has(path));
  }

  /** Which of the files that had travelled are as they were. */
  private async unchanged(
    transport: ITransport,
    folder: string,
    sent: readonly { path: string; sha256: string }[]
  ): Promise<Set<string>> {
    const same = new Set<string>();
    for (let from = 0; from < sent.length; from += MOST_HASHED) {
      const some = sent.slice(from, from + MOST_HASHED);
      const names = some.map(({ path }) => shQuote(`./${path}`)).join(' ');
      const script = `cd ${shQuote(folder)} && sha256sum -- ${names} 2>/dev/null`;
      const { stdout } = await transport.run(script, {
        action: 'compare the files',
        timeoutMs: TIMEOUT_MS
      });
      const hashes = parseHashes(stdout.toString('utf8'));
      some
        .filter(({ path, sha256 }) => hashes.get(path) === sha256)
        .forEach(({ path }) => same.add(path));
    }
    return same;
  }

  private transport({ place, id }: TaskRecord): ITransport {
    if (place === null) {
      throw new SluiceError('not-found', { what: 'file of task', id });
    }
    return this.options.hosts.transport(place);
  }
}
