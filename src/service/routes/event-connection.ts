import type { WebSocket } from '@fastify/websocket';
import { type ClientFrame, clientFrameSchema, type ServiceFrame } from '../../shared/wire/frames';
import type { TaskEvent } from '../../shared/wire/events';
import type { Prompt } from '../../shared/wire/prompt';
import type { RouteContext } from './route-context';

type Subscription = { sent: number; stopViewing: () => void };

const PAGE = 200;
const CLOSE_BAD_FRAME = 1008;

/** One client on the event stream: it hears of every task, and gets the events that it asked for. */
export class EventConnection {
  private readonly holder = Symbol('event connection');
  private readonly subscriptions = new Map<string, Subscription>();
  /** Tasks with events that were not sent. */
  private readonly behind = new Set<string>();
  private pumping = false;
  private stopShowing: (() => void) | null = null;

  constructor(
    private readonly socket: WebSocket,
    private readonly context: RouteContext
  ) {
    const leave = context.presence.enter();
    const stopPrompts = this.hearLogins();
    const stop = context.tasks.listen({
      task: task => {
        void this.send({ frame: 'task', task });
      },
      events: task => {
        this.pump(task);
      }
    });
    socket.on('message', (data: Buffer) => {
      this.receive(data.toString());
    });
    socket.on('close', () => {
      stop();
      stopPrompts();
      this.stopShowing?.();
      leave();
      context.leases.release(this.holder);
      this.subscriptions.forEach(({ stopViewing }) => {
        stopViewing();
      });
    });
  }

  /** Open prompts, then each change; returns what ends that. */
  private hearLogins(): () => void {
    const { desk, targetNews } = this.context;
    const prompt = (open: Prompt): void => {
      void this.send({ frame: 'prompt', ...open });
    };
    desk.open.forEach(prompt);
    const stopPrompts = desk.listen({
      prompt,
      closed: id => {
        void this.send({ frame: 'prompt-closed', id });
      }
    });
    const stopNews = targetNews.listen(() => {
      void this.send({ frame: 'targets' });
    });
    return () => {
      stopPrompts();
      stopNews();
    };
  }

  private receive(text: string): void {
    const frame = parseFrame(text);
    if (frame === null) {
      this.socket.close(CLOSE_BAD_FRAME, 'not a frame of this protocol');
      return;
    }
    switch (frame.frame) {
      case 'subscribe':
        this.unsubscribe(frame.task);
        this.subscriptions.set(frame.task, {
          sent: frame.after,
          stopViewing: this.context.presence.view(frame.task)
        });
        this.pump(frame.task);
        break;
      case 'unsubscribe':
        this.unsubscribe(frame.task);
        break;
      case 'lease': {
        const { task } = frame;
        const held = this.context.leases.take(task, this.holder);
        void this.send({ frame: 'lease', task, held });
        break;
      }
      case 'shows-prompts':
        this.stopShowing ??= this.context.desk.show();
        break;
    }
  }

  private unsubscribe(task: string): void {
    this.subscriptions.get(task)?.stopViewing();
    this.subscriptions.delete(task);
  }

  /** There may be events of this task that were not sent. */
  private pump(task: string): void {
    if (this.subscriptions.has(task)) {
      this.behind.add(task);
    }
    this.startPump();
  }

  private startPump(): void {
    if (this.pumping || this.behind.size === 0 || this.socket.readyState !== this.socket.OPEN) {
      return;
    }
    this.pumping = true;
    void this.sendPages().finally(() => {
      this.pumping = false;
      // What came in the very moment of the end.
      this.startPump();
    });
  }

  /** Page after page as fast as the client takes them, so that a slow one fills no memory. */
  private async sendPages(): Promise<void> {
    for (;;) {
      const events = [...this.behind].flatMap(task => this.nextPage(task));
      if (events.length === 0 || this.socket.readyState !== this.socket.OPEN) {
        return;
      }
      await Promise.all(events.map(event => this.send({ frame: 'event', event })));
    }
  }

  private nextPage(task: string): TaskEvent[] {
    const subscription = this.subscriptions.get(task);
    const events =
      subscription === undefined
        ? []
        : this.context.tasks.eventsAfter(task, subscription.sent, PAGE);
    if (subscription === undefined || events.length < PAGE) {
      this.behind.delete(task);
    }
    if (subscription !== undefined) {
      subscription.sent = events.at(-1)?.index ?? subscription.sent;
    }
    return events;
  }

  /** Resolves once the frame has left, or the client is gone. */
  private send(frame: ServiceFrame): Promise<void> {
    return new Promise(resolve => {
      this.socket.send(JSON.stringify(frame), () => {
        resolve();
      });
    });
  }
}

function parseFrame(text: string): ClientFrame | null {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return null;
  }
  const result = clientFrameSchema.safeParse(data);
  return result.success ? result.data : null;
}
