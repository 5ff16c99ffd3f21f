import type { WorkerLine } from '../../shared/wire/events';
import type { IRemoteStream, ITransport } from '../transports/transport';
import type { IClock } from './clock';
import { buildPoll, FOLLOW_SCRIPT, parseReplyHeader, type ReplyHeader } from './follow-script';
import { untilConnected, waitsForPerson } from './login-wait';
import { Nap } from './nap';
import { ReplyReader } from './reply-reader';
import { type SealCheck, sealCheck } from './seal';
import { splitLines } from './split-lines';
import { isStoreFull } from './store-full';

/** Where the follower's findings go. */
export interface IFollowSink {
  /**
   * Do what hands several findings on, and store them as one. Where it throws, nothing of them counts:
   * they are found again.
   */
  together(work: () => void): void;
  /**
   * Whole lines, in order; `offset` is where the next one begins. What bears no valid seal comes as text
   * that is marked `unverified`.
   */
  lines(task: string, attempt: number, lines: WorkerLine[], offset: number): void;
  /** The text of the end record; where the task has a key, its seal is valid. */
  end(task: string, attempt: number, text: string): void;
  /** What the job's script wrote when its worker had ended; anybody there may have written it. */
  exit(task: string, attempt: number, text: string): void;
  /** The end record of that attempt bears no valid seal; told once. */
  unsealed(task: string, attempt: number): void;
  /** The job was started again as this attempt. */
  attempt(task: string, attempt: number): void;
  /** One question was answered in full; `grew`: with something new. */
  pass(task: string, grew: boolean): void;
  /** The link was lost, or works again (null). */
  trouble(error: unknown): void;
  /** Lines that no worker writes. */
  unreadable(task: string, lines: string[]): void;
}

export type FollowerOptions = {
  transport: ITransport;
  sink: IFollowSink;
  clock: IClock;
  /** How long to wait before the next question. */
  intervalMs: () => number;
};

/** Where following begins, and what it is checked with. */
export type FollowStart = {
  /** Directory of the run. */
  run: string;
  attempt: number;
  /** Into the attempt's lines. */
  offset: number;
  /** Hex; null: the task's worker seals nothing. */
  key: string | null;
};

type Followed = FollowStart & {
  tag: number;
  limit: number;
  /** The last piece was cut at the limit: there is more of this attempt. */
  isCut: boolean;
  /** A later attempt was seen. */
  isSuperseded: boolean;
  /** It was told that the end record bears no valid seal. */
  hasToldUnsealed: boolean;
  isSealed: SealCheck | null;
};

type Finding = {
  task: string;
  run: Followed;
  header: Exclude<ReplyHeader, { kind: 'done' }>;
  body: Buffer;
};

const PIECE_BYTES = 2 ** 20;
const LONGEST_LINE_BYTES = 2 ** 28;
const ANSWER_TIMEOUT_MS = 30_000;
const NEWLINE = 10;
const KEEP_MS = 20_000;
const RETRY_MS = 2000;
const FULL_RETRY_MS = 10_000;
/** Findings are stored together up to so many bytes. */
const HELD_BYTES = 4 * 2 ** 20;

function checkOf(
  task: string,
  { key, attempt }: FollowStart,
  what: 'line' | 'end'
): SealCheck | null {
  return key === null ? null : sealCheck({ task, attempt, key, what });
}

/** One follower for all runs of a host; idle, it holds no channel. */
export class Follower {
  private readonly followed = new Map<string, Followed>();
  private nextTag = 1;
  private running = false;
  private stop = new AbortController();
  private readonly nap: Nap;

  constructor(private readonly options: FollowerOptions) {
    this.nap = new Nap(options.clock);
  }

  /** Follow a run from an offset of an attempt's file; a task that is followed already moves there. */
  follow(task: string, start: FollowStart): void {
    const tag = this.nextTag++;
    const isSealed = checkOf(task, start, 'line');
    const rest = { limit: PIECE_BYTES, isCut: false, isSuperseded: false, hasToldUnsealed: false };
    this.followed.set(task, { ...start, tag, isSealed, ...rest });
    this.hurry();
    if (!this.running) {
      this.running = true;
      void this.loop();
    }
  }

  unfollow(task: string): void {
    this.followed.delete(task);
  }

  /** Ask now rather than at the next tick. */
  hurry(): void {
    this.nap.wake();
  }

  /** Stop following; tasks stay known to nobody here. */
  close(): void {
    this.followed.clear();
    this.stop.abort();
    this.hurry();
  }

  private async loop(): Promise<void> {
    const { sink, intervalMs } = this.options;
    while (this.followed.size > 0 && !this.isClosed()) {
      try {
        await this.session();
        await this.nap.rest(intervalMs());
      } catch (error) {
        // A channel that is lost after the end of following is no news.
        if (!this.isClosed()) {
          sink.trouble(error);
          await this.recover(error);
        }
      }
    }
    this.running = false;
  }

  /**
   * One channel, from its opening to its loss or to the last task. Where the host allows a single
   * session, a channel that stays would keep all else out: there it is given back after each answer.
   */
  private async session(): Promise<void> {
    const { transport, clock, intervalMs, sink } = this.options;
    const action = 'follow the jobs';
    const channel = await transport.stream(FOLLOW_SCRIPT, { action, timeoutMs: ANSWER_TIMEOUT_MS });
    try {
      const reader = new ReplyReader(channel.output);
      let keptAtMs = clock.elapsedMs();
      sink.trouble(null);
      while (this.followed.size > 0) {
        const isHungry = await this.pass(channel, reader);
        if (clock.elapsedMs() - keptAtMs > KEEP_MS) {
          keptAtMs = clock.elapsedMs();
          channel.write('keep\n');
        }
        if (!isHungry && transport.sessionLimit <= 1) {
          return;
        }
        if (!isHungry) {
          await this.nap.rest(intervalMs());
        }
      }
    } finally {
      channel.close();
    }
  }

  /** Wait before the next channel: for a person where one is needed, else for a moment. */
  private async recover(error: unknown): Promise<void> {
    const { transport } = this.options;
    if (waitsForPerson(error, transport)) {
      await untilConnected(transport, this.stop.signal);
    } else {
      await this.nap.rest(isStoreFull(error) ? FULL_RETRY_MS : RETRY_MS);
    }
  }

  private isClosed(): boolean {
    return this.stop.signal.aborted;
  }

  /** Ask for every run; true when there is more to be had at once. */
  private async pass(channel: IRemoteStream, reader: ReplyReader): Promise<boolean> {
    const asked = new Map([...this.followed].map(([task, run]) => [run.tag, { task, run }]));
    channel.write([...asked.values()].map(({ run }) => buildPoll(run)).join('') + 'go\n');
    const grew = new Set<string>();
    const deadline = new AbortController();
    const late = this.options.clock.delay(ANSWER_TIMEOUT_MS, deadline.signal).then(() => {
      if (!deadline.signal.aborted) {
        channel.close();
      }
    });
    let isHungry = false;
    let held: Finding[] = [];
    let heldBytes = 0;
    try {
      for (;;) {
        const header = await this.header(reader);
        if (header.kind === 'done' || heldBytes > HELD_BYTES) {
          isHungry = this.takeAll(held, grew) || isHungry;
          [held, heldBytes] = [[], 0];
        }
        if (header.kind === 'done') {
          break;
        }
        const body = 'length' in header ? await reader.bytes(header.length) : Buffer.alloc(0);
        if (body === null) {
          throw new Error('the follower’s channel closed in the middle of an answer');
        }
        const entry = asked.get(header.tag);
        if (entry !== undefined) {
          held.push({ ...entry, header, body });
          heldBytes += body.length;
        }
      }
    } finally {
      deadline.abort();
      await late;
    }
    for (const { task } of asked.values()) {
      if (this.followed.has(task)) {
        this.options.sink.pass(task, grew.has(task));
      }
    }
    return isHungry;
  }

  private async header(reader: ReplyReader): Promise<ReplyHeader> {
    const line = await reader.line();
    if (line === null) {
      throw new Error('the follower’s channel closed');
    }
    const header = parseReplyHeader(line);
    if (header === null) {
      throw new Error(`the follower answered “${line.slice(0, 80)}”`);
    }
    return header;
  }

  /** Hand findings on, all of them or none; true when there is more to be had. */
  private takeAll(findings: readonly Finding[], grew: Set<string>): boolean {
    const current = findings.filter(({ task, run }) => this.followed.get(task) === run);
    if (current.length === 0) {
      return false;
    }
    const before = current.map(({ run }) => ({ ...run }));
    let isHungry = false;
    try {
      this.options.sink.together(() => {
        for (const finding of current) {
          isHungry = this.take(finding, grew) || isHungry;
        }
      });
    } catch (error) {
      current.forEach(({ run }, i) => Object.assign(run, before[i]));
      throw error;
    }
    return isHungry;
  }

  /** Hand one finding on; true when the piece was full. */
  private take({ task, run, header, body }: Finding, grew: Set<string>): boolean {
    const { sink } = this.options;
    switch (header.kind) {
      case 'data':
        return this.takeData(task, run, body, grew);
      case 'end':
        this.takeEnd(task, run, body);
        return false;
      case 'exit':
        sink.exit(task, run.attempt, body.toString());
        return false;
      case 'next':
        // What the former attempt wrote until the next one was seen is read first.
        if (run.isCut || grew.has(task) || !run.isSuperseded) {
          run.isSuperseded = true;
          return true;
        }
        run.isSuperseded = false;
        run.attempt = header.attempt;
        run.offset = 0;
        run.hasToldUnsealed = false;
        run.isSealed = checkOf(task, run, 'line');
        sink.attempt(task, run.attempt);
        return true;
    }
  }

  private takeEnd(task: string, run: Followed, body: Buffer): void {
    const { sink } = this.options;
    const isSealed = checkOf(task, run, 'end');
    const bytes = body.at(-1) === NEWLINE ? body.subarray(0, -1) : body;
    if (isSealed === null || isSealed(bytes)) {
      sink.end(task, run.attempt, body.toString());
    } else if (!run.hasToldUnsealed) {
      run.hasToldUnsealed = true;
      sink.unsealed(task, run.attempt);
    }
  }

  private takeData(task: string, run: Followed, body: Buffer, grew: Set<string>): boolean {
    const { sink } = this.options;
    const isFull = body.length >= run.limit;
    run.isCut = isFull;
    const { lines, consumed, unreadable } = splitLines(body, run.isSealed);
    if (unreadable.length > 0) {
      sink.unreadable(task, unreadable);
    }
    if (consumed > 0) {
      grew.add(task);
      run.offset += consumed;
      run.limit = PIECE_BYTES;
      sink.lines(task, run.attempt, lines, run.offset);
    } else if (isFull) {
      if (run.limit >= LONGEST_LINE_BYTES) {
        throw new Error(`a line of task ${task} is longer than ${LONGEST_LINE_BYTES} bytes`);
      }
      run.limit *= 4;
    }
    return isFull;
  }
}
