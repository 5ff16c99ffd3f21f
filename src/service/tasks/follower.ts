import type { WorkerLine } from '../../shared/wire/events';
import type { IRemoteStream, ITransport } from '../transports/transport';
import type { IClock } from './clock';
import { buildPoll, FOLLOW_SCRIPT, parseReplyHeader, type ReplyHeader } from './follow-script';
import { untilConnected, waitsForPerson } from './login-wait';
import { ReplyReader } from './reply-reader';
import { splitLines } from './split-lines';

/** Where the follower's findings go. */
export interface IFollowSink {
  /** Whole lines, in order; `offset` is where the next one begins. */
  lines(task: string, attempt: number, lines: WorkerLine[], offset: number): void;
  /** The text of the end record; where the task has a key, its seal is valid. */
  end(task: string, attempt: number, text: string): void;
  /** What the job's script wrote when its worker had ended; anybody there may have written it. */
  exit(task: string, attempt: number, text: string): void;
  /** Something of that attempt bears no valid seal: lines, or the end record. Told once for each. */
  unsealed(task: string, attempt: number, what: 'lines' | 'end'): void;
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

type Followed = {
  tag: number;
  run: string;
  attempt: number;
  offset: number;
  limit: number;
  /** The last piece was cut at the limit: there is more of this attempt. */
  isCut: boolean;
  /** A later attempt was seen. */
  isSuperseded: boolean;
};

const PIECE_BYTES = 2 ** 20;
const LONGEST_LINE_BYTES = 2 ** 28;
const ANSWER_TIMEOUT_MS = 30_000;
const KEEP_MS = 20_000;
const RETRY_MS = 2000;

/** One follower for all runs of a host; idle, it holds no channel. */
export class Follower {
  private readonly followed = new Map<string, Followed>();
  private nextTag = 1;
  private running = false;
  private stop = new AbortController();
  private nap = new AbortController();

  constructor(private readonly options: FollowerOptions) {}

  /** Follow a run from an offset of an attempt's file; a task that is followed already moves there. */
  follow(task: string, run: string, attempt: number, offset: number): void {
    const tag = this.nextTag++;
    const rest = { limit: PIECE_BYTES, isCut: false, isSuperseded: false };
    this.followed.set(task, { tag, run, attempt, offset, ...rest });
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
    this.nap.abort();
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
        await this.rest(intervalMs());
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
          await this.rest(intervalMs());
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
      await this.rest(RETRY_MS);
    }
  }

  private isClosed(): boolean {
    return this.stop.signal.aborted;
  }

  private async rest(ms: number): Promise<void> {
    await this.options.clock.delay(ms, this.nap.signal);
    if (this.nap.signal.aborted) {
      this.nap = new AbortController();
    }
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
    try {
      for (;;) {
        const header = await this.header(reader);
        if (header.kind === 'done') {
          break;
        }
        const body = 'length' in header ? await reader.bytes(header.length) : Buffer.alloc(0);
        if (body === null) {
          throw new Error('the follower’s channel closed in the middle of an answer');
        }
        const entry = asked.get(header.tag);
        if (entry !== undefined && this.followed.get(entry.task) === entry.run) {
          isHungry = this.take(entry.task, entry.run, header, body, grew) || isHungry;
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

  /** Hand one finding on; true when the piece was full. */
  private take(
    task: string,
    run: Followed,
    header: Exclude<ReplyHeader, { kind: 'done' }>,
    body: Buffer,
    grew: Set<string>
  ): boolean {
    const { sink } = this.options;
    switch (header.kind) {
      case 'data':
        return this.takeData(task, run, body, grew);
      case 'end':
        sink.end(task, run.attempt, body.toString());
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
        sink.attempt(task, run.attempt);
        return true;
    }
  }

  private takeData(task: string, run: Followed, body: Buffer, grew: Set<string>): boolean {
    const { sink } = this.options;
    const isFull = body.length >= run.limit;
    run.isCut = isFull;
    const { lines, consumed, unreadable } = splitLines(body);
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
