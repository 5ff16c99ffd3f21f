import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from '../service/store/database';
import { EventStore } from '../service/store/event-store';
import { TaskStore } from '../service/store/task-store';
import type { IClock } from '../service/tasks/clock';
import { Follower, type IFollowSink } from '../service/tasks/follower';
import { newTask } from '../service/tasks/new-task';
import { TaskBoard } from '../service/tasks/task-board';
import type { ITransport } from '../service/transports/transport';
import { submitSchema } from '../shared/wire/submit';
import { CutStreams } from './cut-streams';
import { sealed } from './sealed-lines';
import type { SeededRandom } from './seeded-random';

/** What may come between a worker's file and the store. */
export const INTERRUPTIONS = ['cut', 'freeze', 'restart', 'requeue'] as const;

export type Interruption = (typeof INTERRUPTIONS)[number];

const TASK = 'sl-trial';
const KEY = '7e'.repeat(32);
const MOST_ATTEMPTS = 8;
const MOST_PASSES = 300;
/** A deadline of the follower rather than a pause. */
const DEADLINE_MS = 15_000;

const request = submitSchema.parse({
  requestId: 'request of a trial',
  target: 'here',
  resources: {},
  payload: { kind: 'cell', source: 'print(1)', outputs: null },
  origin: null,
  projectDir: null,
  capture: null
});

type Service = { database: DatabaseSync; board: TaskBoard; follower: Follower };

/** A worker that writes, a store that is to have all of it, and what comes in between. */
export class EventsTrial {
  private readonly directory = mkdtempSync(join(tmpdir(), 'sluice-events-'));
  private readonly streams: CutStreams;
  private readonly deadlines = new Set<() => void>();
  private readonly odd: unknown[] = [];
  private service: Service;
  private attempt = 0;
  private seq = 0;
  /** Of the worker's newest line: what is not in its file yet. */
  private unwritten: Buffer = Buffer.alloc(0);
  private isWriting = true;
  private heard: (() => void)[] = [];

  constructor(
    transport: ITransport,
    private readonly random: SeededRandom
  ) {
    this.streams = new CutStreams(transport);
    mkdirSync(this.folder(0), { recursive: true });
    const { database, tasks, board } = this.open();
    const record = { ...newTask(TASK, request, 0), eventKey: KEY };
    tasks.insert(record, request);
    board.add(record);
    database.close();
    this.service = this.start();
  }

  /** Interrupt in this way, at an instant that chance picks; resolves once it has happened. */
  async interrupt(kind: Interruption): Promise<void> {
    if (kind === 'requeue') {
      this.requeue();
      await this.passes(1 + this.random.below(3));
      return;
    }
    await new Promise<void>(resolve => {
      this.streams.meet({
        afterBytes: this.random.below(2500),
        kind: kind === 'restart' ? 'tell' : kind,
        happened: () => {
          if (kind === 'freeze') {
            this.deadlines.forEach(end => end());
          } else if (kind === 'restart') {
            this.restart();
          }
          resolve();
        }
      });
    });
  }

  /** Let the worker end, and everything arrive. */
  async settle(): Promise<void> {
    this.isWriting = false;
    appendFileSync(this.lines(this.attempt), this.unwritten);
    const last = this.written(this.attempt).length;
    const isHere = (): boolean =>
      this.stored().filter(({ attempt }) => attempt === this.attempt).length >= last;
    // What is lost never comes; the comparison then names it.
    for (let i = 0; i < MOST_PASSES && !isHere(); i += 1) {
      await this.passes(1);
    }
    await this.passes(3);
  }

  /** How the store differs from the worker's own files; empty: in nothing. */
  differences(): string[] {
    const stored = this.stored();
    const indexes = stored.map(({ index }) => index);
    const found = this.odd.map(String);
    if (indexes.some((index, i) => index !== i + 1)) {
      found.push(`the indexes have gaps: ${indexes.join()}`);
    }
    for (let attempt = 0; attempt <= this.attempt; attempt += 1) {
      const own = stored.filter(event => event.attempt === attempt);
      const texts = own.map(({ seq, type, data }) => JSON.stringify({ seq, type, data }));
      const truth = this.written(attempt);
      truth.forEach((line, i) => {
        if (texts[i] !== line) {
          found.push(`attempt ${attempt}, line ${i + 1}: ${texts[i]?.slice(0, 80)}`);
        }
      });
      if (texts.length !== truth.length) {
        found.push(`attempt ${attempt}: ${texts.length} of ${truth.length} lines`);
      }
    }
    if (stored.some(({ unverified }) => unverified === true)) {
      found.push('a seal did not hold');
    }
    return found;
  }

  get lineCount(): number {
    return this.stored().length;
  }

  close(): void {
    this.service.follower.close();
    this.service.database.close();
    rmSync(this.directory, { recursive: true });
  }

  private open(): { database: DatabaseSync; tasks: TaskStore; board: TaskBoard } {
    const path = join(this.directory, 'store.db');
    const database = openDatabase({ path, networkDisk: false });
    const tasks = new TaskStore(database);
    return { database, tasks, board: new TaskBoard(tasks, new EventStore(database), () => 0) };
  }

  private start(): Service {
    const { database, board } = this.open();
    const follower = new Follower({
      transport: this.streams.transport,
      sink: this.sink(board),
      clock: this.clock(),
      intervalMs: () => 1
    });
    const { attempt, eventKey: key } = board.get(TASK);
    const offset = new EventStore(database).offset(TASK, attempt);
    follower.follow(TASK, { run: this.directory, attempt, offset, key });
    return { database, board, follower };
  }

  private restart(): void {
    this.service.follower.close();
    this.service.database.close();
    this.service = this.start();
  }

  /** Pauses are short, and a deadline comes when the link is frozen. */
  private clock(): IClock {
    return {
      nowMs: () => 0,
      elapsedMs: () => performance.now(),
      delay: (ms, signal) =>
        new Promise(resolve => {
          if (signal?.aborted === true) {
            resolve();
            return;
          }
          const end = (): void => {
            clearTimeout(timer);
            this.deadlines.delete(end);
            signal?.removeEventListener('abort', end);
            resolve();
          };
          const timer = setTimeout(end, ms > DEADLINE_MS ? ms : Math.min(ms, 1));
          signal?.addEventListener('abort', end);
          if (ms > DEADLINE_MS) {
            this.deadlines.add(end);
          }
        })
    };
  }

  private sink(board: TaskBoard): IFollowSink {
    return {
      together: work => {
        board.together(work);
      },
      lines: (task, attempt, lines, offset) => {
        const { gaps } = board.append({ task, attempt, lines, offset });
        if (gaps.length > 0) {
          this.odd.push(`gaps ${JSON.stringify(gaps)} in attempt ${attempt}`);
        }
      },
      end: () => undefined,
      exit: () => undefined,
      unsealed: () => this.odd.push('unsealed'),
      attempt: (task, attempt) => void board.patch(task, { attempt }),
      pass: () => {
        this.write();
        this.heard.splice(0).forEach(hear => hear());
      },
      trouble: () => undefined,
      unreadable: (_task, lines) => this.odd.push(`unreadable: ${lines[0]}`)
    };
  }

  private async passes(count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) {
      await new Promise<void>(resolve => this.heard.push(resolve));
    }
  }

  /** The worker goes on by some bytes, whole lines or not. */
  private write(): void {
    if (!this.isWriting) {
      return;
    }
    let room = this.random.below(900);
    while (room > 0) {
      if (this.unwritten.length === 0) {
        this.unwritten = this.nextLine();
      }
      const piece = this.unwritten.subarray(0, room);
      appendFileSync(this.lines(this.attempt), piece);
      this.unwritten = this.unwritten.subarray(piece.length);
      room -= piece.length;
    }
  }

  private nextLine(): Buffer {
    this.seq += 1;
    const text = this.random
      .pick(['x', 'ünï €\u2028 😀', '{"seq":1}\n', '\u001b[0m\u0000'])
      .repeat(1 + this.random.below(this.random.below(20) === 0 ? 5000 : 20));
    const data = { name: 'stdout', text };
    const by = { task: TASK, attempt: this.attempt, key: KEY };
    return Buffer.from(`${sealed(by, { seq: this.seq, at: 0.25, type: 'stream', data })}\n`);
  }

  /** The worker died wherever it was, and another one begins. */
  private requeue(): void {
    if (this.attempt + 1 < MOST_ATTEMPTS) {
      this.attempt += 1 + this.random.below(2);
      this.seq = 0;
      this.unwritten = Buffer.alloc(0);
      mkdirSync(this.folder(this.attempt), { recursive: true });
    }
  }

  private folder(attempt: number): string {
    return join(this.directory, 'attempts', String(attempt));
  }

  private lines(attempt: number): string {
    return join(this.folder(attempt), 'events.jsonl');
  }

  /** The whole lines of a worker's own file. */
  private written(attempt: number): string[] {
    const lines = readIfThere(this.lines(attempt)).split('\n').slice(0, -1);
    return lines.map(line => {
      const { seq, type, data } = JSON.parse(line) as Record<string, unknown>;
      return JSON.stringify({ seq, type, data });
    });
  }

  private stored(): ReturnType<EventStore['after']> {
    return new EventStore(this.service.database).after(TASK, 0, 1_000_000);
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return '';
    }
    throw error;
  }
}
