import type { TaskEvent } from '../shared/wire/events';
import type { ServiceFrame } from '../shared/wire/frames';
import type { Prompt } from '../shared/wire/prompt';
import type { Task } from '../shared/wire/task';
import { FrameConnection, type FrameConnectionOptions } from './frame-connection';
import { Listeners } from './listeners';
import { type EventListener, Subscription } from './subscription';

/** The service takes a lease back after 15 s without renewal. */
const RENEW_MS = 5000;

/** How long a replay may take to bring the missing event before it is asked for again. */
const REPLAY_MS = 10_000;

type Entry = { subscription: Subscription; isReplaying: boolean; cancelTimer: () => void };

type Lease = { tell: (isHeld: boolean) => void; isHeld: boolean };

const nothing = (): void => undefined;

/**
 * News from the service for a whole page or program over one connection: changes of tasks, events of
 * the tasks that were subscribed to, leases. After a lost connection everything is asked for again.
 */
export class EventStream {
  /** Every change of every task. After a reconnection ask for the list: some may have been missed. */
  readonly tasks = new Listeners<Task>();
  /** Every question of a login; after a reconnection those that are open come again. */
  readonly prompts = new Listeners<Prompt>();
  /** Ids of questions that are over. One that ended while there was no connection is not told. */
  readonly closedPrompts = new Listeners<string>();
  /** What is known of targets changed. */
  readonly targets = new Listeners<void>();
  readonly connection: FrameConnection;
  private readonly entries = new Map<string, Entry>();
  private readonly leases = new Map<string, Lease>();
  private cancelRenewal: () => void = nothing;
  private showsPrompts = false;

  constructor(private readonly options: FrameConnectionOptions) {
    this.connection = new FrameConnection(options);
    this.connection.frames.add(frame => this.receive(frame));
    this.connection.changes.add(isConnected => this.reconnected(isConnected));
  }

  /** Connect; may be called again without effect. */
  start(): void {
    this.connection.start();
  }

  /** End for good; may be called twice. */
  close(): void {
    this.cancelRenewal();
    this.entries.forEach(({ cancelTimer }) => cancelTimer());
    this.connection.close();
  }

  /** Hear every event of a task after an index, once and in order; returns what ends it. */
  subscribe(task: string, after: number, listener: EventListener): () => void {
    const known = this.entries.get(task);
    const entry = known ?? {
      subscription: new Subscription(),
      isReplaying: false,
      cancelTimer: nothing
    };
    this.entries.set(task, entry);
    const remove = entry.subscription.add(after, listener);
    this.ask(task, entry);
    return () => {
      remove();
      this.leaveIfUnused(task, entry);
    };
  }

  /**
   * Ask for the right to write this task's outputs, and keep it; `tell` hears whether it is held,
   * first of all that it is not. Returns what gives it up.
   */
  lease(task: string, tell: (isHeld: boolean) => void): () => void {
    this.leases.set(task, { tell, isHeld: false });
    tell(false);
    this.connection.send({ frame: 'lease', task });
    this.renewLater();
    return () => {
      this.leases.delete(task);
    };
  }

  /** Tell the service, now and after each loss, that a person sees the questions of logins here. */
  showPrompts(): void {
    this.showsPrompts = true;
    this.connection.send({ frame: 'shows-prompts' });
  }

  private reconnected(isConnected: boolean): void {
    if (isConnected) {
      if (this.showsPrompts) {
        this.connection.send({ frame: 'shows-prompts' });
      }
      this.entries.forEach((entry, task) => this.ask(task, entry));
      this.leases.forEach((_, task) => this.connection.send({ frame: 'lease', task }));
    } else {
      this.leases.forEach(lease => this.settle(lease, false));
    }
  }

  private receive(frame: ServiceFrame): void {
    switch (frame.frame) {
      case 'task':
        this.tasks.tell(frame.task);
        break;
      case 'event':
        this.receiveEvent(frame.event);
        break;
      case 'lease': {
        const lease = this.leases.get(frame.task);
        if (lease !== undefined) {
          this.settle(lease, frame.held);
        }
        break;
      }
      case 'prompt':
        this.prompts.tell(frame);
        break;
      case 'prompt-closed':
        this.closedPrompts.tell(frame.id);
        break;
      case 'targets':
        this.targets.tell();
        break;
    }
  }

  private receiveEvent(event: TaskEvent): void {
    const entry = this.entries.get(event.task);
    if (entry === undefined) {
      return;
    }
    const reception = entry.subscription.receive(event);
    if (reception === 'taken') {
      entry.isReplaying = false;
    } else if (reception === 'gap' && !entry.isReplaying) {
      this.ask(event.task, entry);
    }
  }

  /** Subscribe anew after what is known; frames that were under way before the replay are no news. */
  private ask(task: string, entry: Entry): void {
    entry.cancelTimer();
    entry.isReplaying = true;
    entry.cancelTimer = this.options.setTimer(() => {
      entry.isReplaying = false;
    }, REPLAY_MS);
    this.connection.send({ frame: 'subscribe', task, after: entry.subscription.after });
  }

  private leaveIfUnused(task: string, entry: Entry): void {
    if (entry.subscription.isUnused && this.entries.get(task) === entry) {
      entry.cancelTimer();
      this.entries.delete(task);
      this.connection.send({ frame: 'unsubscribe', task });
    }
  }

  private settle(lease: Lease, isHeld: boolean): void {
    if (lease.isHeld !== isHeld) {
      lease.isHeld = isHeld;
      lease.tell(isHeld);
    }
  }

  private renewLater(): void {
    this.cancelRenewal();
    this.cancelRenewal = this.options.setTimer(() => {
      if (this.leases.size > 0) {
        this.leases.forEach((_, task) => this.connection.send({ frame: 'lease', task }));
        this.renewLater();
      }
    }, RENEW_MS);
  }
}
