import { markedUnsealedText } from '../../shared/unsealed-text';
import type { TaskEvent } from '../../shared/wire/events';
import type { EventStore } from '../store/event-store';

/** A stretch of what a task printed: of its events, or of a file beside them on the host. */
export type LogPart =
  | { kind: 'events'; after: number; to: number; bytes: number }
  /** `bytes` is null as long as its worker has not told the size. */
  | { kind: 'file'; attempt: number; bytes: number | null };

const PAGE = 1000;

/** What an event adds to the text. */
export function textOf(event: TaskEvent): string {
  if (event.unverified === true) {
    return markedUnsealedText(event);
  }
  switch (event.type) {
    case 'stream':
      return event.data.text;
    case 'error':
      return `${event.data.traceback.join('\n')}\n`;
    case 'execute_result':
    case 'display_data': {
      const plain = event.data.data['text/plain'];
      return typeof plain === 'string' ? `${plain}\n` : '';
    }
    default:
      return '';
  }
}

/**
 * Where which part of a task's text lies, so that a range of it is read without the rest. It grows with
 * the task's events, which never change.
 */
export class LogIndex {
  readonly parts: LogPart[] = [];
  private readonly files = new Map<number, Extract<LogPart, { kind: 'file' }>>();
  private after = 0;

  constructor(
    private readonly task: string,
    private readonly events: EventStore
  ) {}

  /** Whether it describes events that are stored; those of an old task may have been removed. */
  get isValid(): boolean {
    return this.events.lastIndex(this.task) >= this.after;
  }

  /** Take in the events that have come since. */
  grow(): void {
    for (;;) {
      const page = this.events.after(this.task, this.after, PAGE);
      page.forEach(event => {
        this.take(event);
      });
      if (page.length < PAGE) {
        return;
      }
    }
  }

  /** The text of a part of events. */
  text({ after, to }: Extract<LogPart, { kind: 'events' }>): Buffer {
    const events = this.events.after(this.task, after, to - after);
    return Buffer.from(events.map(event => this.own(event)).join(''));
  }

  private take(event: TaskEvent): void {
    this.after = event.index;
    const bytes = Buffer.byteLength(this.own(event));
    const last = this.parts.at(-1);
    if (last?.kind === 'events' && last.to - last.after < PAGE && event.type !== 'overflow') {
      last.to = event.index;
      last.bytes += bytes;
      return;
    }
    if (event.type === 'overflow') {
      this.takeFile(event);
    }
    this.parts.push({ kind: 'events', after: event.index - 1, to: event.index, bytes });
  }

  private takeFile({ attempt, data }: Extract<TaskEvent, { type: 'overflow' }>): void {
    const known = this.files.get(attempt);
    if (known !== undefined) {
      known.bytes = data.bytes;
      return;
    }
    const file = { kind: 'file' as const, attempt, bytes: data.bytes };
    this.files.set(attempt, file);
    this.parts.push(file);
  }

  /** The last words of a file are told again as events; in the log they are the file's. */
  private own(event: TaskEvent): string {
    const isTold = this.files.has(event.attempt) && event.type === 'stream';
    return isTold && event.unverified !== true && this.isAfterFile(event) ? '' : textOf(event);
  }

  private isAfterFile(event: TaskEvent): boolean {
    const file = this.files.get(event.attempt);
    const next = file === undefined ? undefined : this.parts[this.parts.indexOf(file) + 1];
    return next === undefined || (next.kind === 'events' && event.index > next.after);
  }
}
