import { Readable } from 'node:stream';
import { SluiceError } from '../../shared/errors';
import { shQuote } from '../../shared/sh-quote';
import { sizeWords } from '../../shared/size-words';
import type { EventStore } from '../store/event-store';
import type { Place, TaskRecord } from '../store/task-record';
import { runDirectory } from './build-job';
import type { Hosts } from './hosts';
import { LogIndex, type LogPart } from './log-index';

const JOB_LOG_BYTES = 64 * 1024;
const TIMEOUT_MS = 30_000;
const CHUNK_BYTES = 2 ** 20;
const MOST_INDEXES = 32;

/** A stretch of the text whose length is known. */
type Stretch = { bytes: number; read: (start: number, end: number) => AsyncIterable<Buffer> };

/** What a task printed, as it was when it was opened. */
export type OpenLog = {
  bytes: number;
  /** Bytes from `start` to before `end`, as fast as they are taken. */
  stream(start: number, end: number): Readable;
};

/** What a task printed, as one text, of which a part is read without the rest. */
export class TaskLog {
  /** Of the tasks whose log was read last. */
  private readonly indexes = new Map<string, LogIndex>();

  constructor(
    private readonly events: EventStore,
    private readonly hosts: Hosts
  ) {}

  /**
   * The outputs in order, with what the worker wrote to a file of its own in its place; where the worker
   * said nothing, the job's own log.
   */
  async open(record: TaskRecord): Promise<OpenLog> {
    const index = this.index(record.id);
    const { place } = record;
    const stretches: Stretch[] = [];
    if (index.parts.length === 0 && place !== null) {
      stretches.push(memory(await this.jobLog(record, place)));
    }
    for (const part of index.parts) {
      stretches.push(
        part.kind === 'events'
          ? { bytes: part.bytes, read: (start, end) => once(index.text(part), start, end) }
          : await this.file(record, part)
      );
    }
    return {
      bytes: stretches.reduce((sum, { bytes }) => sum + bytes, 0),
      stream: (start, end) => Readable.from(cut(stretches, start, end), { objectMode: false })
    };
  }

  private index(task: string): LogIndex {
    const known = this.indexes.get(task);
    const index = known?.isValid === true ? known : new LogIndex(task, this.events);
    index.grow();
    this.indexes.delete(task);
    this.indexes.set(task, index);
    const [oldest] = this.indexes.keys();
    if (this.indexes.size > MOST_INDEXES && oldest !== undefined) {
      this.indexes.delete(oldest);
    }
    return index;
  }

  /** A file there; where it cannot be read, the log says so in its place. */
  private async file(
    record: TaskRecord,
    { attempt, bytes }: Extract<LogPart, { kind: 'file' }>
  ): Promise<Stretch> {
    const { place } = record;
    if (place === null) {
      return memory(Buffer.alloc(0));
    }
    const path = `${runDirectory(place, record.id)}/attempts/${attempt}/overflow.log`;
    try {
      const size = await this.sizeOf(place, path);
      return {
        bytes: Math.min(size, bytes ?? size),
        read: (start, end) => this.readFile(place, path, start, end)
      };
    } catch (error) {
      if (!(error instanceof SluiceError)) {
        throw error;
      }
      const size = bytes === null ? 'More text' : `${sizeWords(bytes)} of text`;
      const words = `[${size} of this task is in ${path}, which cannot be read now: ${error.message}]`;
      return memory(Buffer.from(`\n${words}\n`));
    }
  }

  private async sizeOf(place: Place, path: string): Promise<number> {
    const transport = this.hosts.transport(place);
    const how = { action: 'look at the log', timeoutMs: TIMEOUT_MS };
    const { status, stdout, stderr } = await transport.run(`wc -c <${shQuote(path)}`, how);
    const size = Number(stdout.toString().trim());
    if (status !== 0 || !Number.isSafeInteger(size)) {
      const problem = stderr.trim() || 'it has no size';
      throw new SluiceError('download-failed', { path, host: transport.host, problem });
    }
    return size;
  }

  private async *readFile(
    place: Place,
    path: string,
    start: number,
    end: number
  ): AsyncIterable<Buffer> {
    const transport = this.hosts.transport(place);
    for (let offset = start; offset < end;) {
      const length = Math.min(CHUNK_BYTES, end - offset);
      const piece = await transport.read(path, { offset, length, timeoutMs: TIMEOUT_MS });
      if (piece.length === 0) {
        const problem = 'it is shorter than it was';
        throw new SluiceError('download-failed', { path, host: transport.host, problem });
      }
      yield piece;
      offset += piece.length;
    }
  }

  private async jobLog(record: TaskRecord, place: Place): Promise<Buffer> {
    const path = `${runDirectory(place, record.id)}/job.log`;
    const script = `[ ! -f ${shQuote(path)} ] || tail -c ${JOB_LOG_BYTES} ${shQuote(path)}`;
    const transport = this.hosts.transport(place);
    const { stdout } = await transport.run(script, {
      action: 'read the job’s log',
      timeoutMs: TIMEOUT_MS
    });
    return stdout;
  }
}

function memory(text: Buffer): Stretch {
  return { bytes: text.length, read: (start, end) => once(text, start, end) };
}

async function* once(text: Buffer, start: number, end: number): AsyncIterable<Buffer> {
  yield text.subarray(start, end);
}

/** The bytes from `start` to before `end` of stretches that follow each other. */
async function* cut(
  stretches: readonly Stretch[],
  start: number,
  end: number
): AsyncIterable<Buffer> {
  let at = 0;
  for (const { bytes, read } of stretches) {
    const from = Math.max(start - at, 0);
    const to = Math.min(end - at, bytes);
    at += bytes;
    if (from < to) {
      yield* read(from, to);
    }
  }
}
