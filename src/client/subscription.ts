import type { TaskEvent } from '../shared/wire/events';

export type EventListener = (event: TaskEvent) => void;

/** A listener's place in a task's events. */
type Reader = { last: number; listener: EventListener };

/** What a received event means for the subscription of its task. */
export type Reception = 'taken' | 'known' | 'gap';

/**
 * The events of one task for all who listen here: each gets every event after the one that it knows,
 * once, in order. What arrives too early shows a gap and is left for the replay.
 */
export class Subscription {
  private readonly readers = new Set<Reader>();

  /** Returns what ends the listening. */
  add(after: number, listener: EventListener): () => void {
    const reader = { last: after, listener };
    this.readers.add(reader);
    return () => {
      this.readers.delete(reader);
    };
  }

  get isUnused(): boolean {
    return this.readers.size === 0;
  }

  /** The index after which events are needed. */
  get after(): number {
    return Math.min(...[...this.readers].map(({ last }) => last));
  }

  receive(event: TaskEvent): Reception {
    const behind = [...this.readers].filter(({ last }) => last < event.index);
    const next = behind.filter(({ last }) => last === event.index - 1);
    for (const reader of next) {
      reader.last = event.index;
      reader.listener(event);
    }
    if (next.length < behind.length) {
      return 'gap';
    }
    return next.length > 0 ? 'taken' : 'known';
  }
}
