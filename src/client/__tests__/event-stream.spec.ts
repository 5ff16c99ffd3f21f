import type { TaskEvent } from '../../shared/wire/events';
import type { Prompt } from '../../shared/wire/prompt';
import type { Task } from '../../shared/wire/task';
import { EventStream } from '../event-stream';
import { FakeSocket, FakeTimers } from './fake-socket';
import { makeEvent, makeTask } from './make-task';

describe('the event stream', () => {
  let sockets: FakeSocket[];
  let timers: FakeTimers;
  let stream: EventStream;
  let heard: number[];

  const socket = (): FakeSocket => sockets.at(-1)!;
  const hear = (event: TaskEvent): void => {
    heard.push(event.index);
  };
  const deliver = (...indexes: number[]): void => {
    socket().deliver(
      ...indexes.map(index => ({ frame: 'event', event: makeEvent(index) }) as const)
    );
  };
  const reconnect = (): void => {
    socket().emit('close');
    timers.fire(250);
    socket().emit('open');
  };

  beforeEach(() => {
    sockets = [];
    heard = [];
    timers = new FakeTimers();
    stream = new EventStream({
      connect: () => {
        sockets.push(new FakeSocket());
        return socket();
      },
      setTimer: timers.setTimer,
      random: () => 1
    });
    stream.start();
    socket().emit('open');
  });

  const subscribeFrame = (after: number) => ({ frame: 'subscribe', task: 'sl-1', after });

  it('asks for the events after the one that is known, and passes them on', () => {
    stream.subscribe('sl-1', 2, hear);
    expect(socket().take()).toEqual([subscribeFrame(2)]);
    deliver(3, 4);
    expect(heard).toEqual([3, 4]);
  });

  it('asks once it is connected for what was subscribed before', () => {
    socket().emit('close');
    stream.subscribe('sl-1', 0, hear);
    timers.fire(250);
    socket().emit('open');
    expect(socket().take()).toEqual([subscribeFrame(0)]);
  });

  it('goes on after the last event that it has seen when the connection was lost', () => {
    stream.subscribe('sl-1', 0, hear);
    deliver(1, 2);
    reconnect();
    expect(socket().take()).toEqual([subscribeFrame(2)]);
    deliver(2, 3);
    expect(heard).toEqual([1, 2, 3]);
  });

  it('drops doubles', () => {
    stream.subscribe('sl-1', 0, hear);
    deliver(1, 1, 2, 1, 2, 3);
    expect(heard).toEqual([1, 2, 3]);
  });

  it('asks again, once, where events are missing, and delivers none out of order', () => {
    stream.subscribe('sl-1', 0, hear);
    deliver(1);
    socket().take();
    deliver(4, 5, 6);
    expect([heard, socket().take()]).toEqual([[1], [subscribeFrame(1)]]);
    deliver(2, 3, 4);
    expect(heard).toEqual([1, 2, 3, 4]);
    deliver(9);
    expect(socket().take()).toEqual([subscribeFrame(4)]);
  });

  it('asks again for a replay that never came', () => {
    stream.subscribe('sl-1', 0, hear);
    deliver(3);
    socket().take();
    timers.fire(10_000);
    deliver(4);
    expect(socket().take()).toEqual([subscribeFrame(0)]);
  });

  it('serves several listeners of one task, each from its own place', () => {
    const second: number[] = [];
    stream.subscribe('sl-1', 0, hear);
    deliver(1, 2);
    socket().take();
    const stop = stream.subscribe('sl-1', 1, event => second.push(event.index));
    expect(socket().take()).toEqual([subscribeFrame(1)]);
    deliver(2, 3);
    expect([heard, second]).toEqual([
      [1, 2, 3],
      [2, 3]
    ]);
    stop();
    expect(socket().take()).toEqual([]);
    deliver(4);
    expect([heard.at(-1), second.at(-1)]).toEqual([4, 3]);
  });

  it('leaves a task when its last listener does', () => {
    const stop = stream.subscribe('sl-1', 0, hear);
    socket().take();
    stop();
    stop();
    expect(socket().take()).toEqual([{ frame: 'unsubscribe', task: 'sl-1' }]);
    deliver(1);
    reconnect();
    expect([heard, socket().take()]).toEqual([[], []]);
  });

  it('tells of every task', () => {
    const tasks: Task[] = [];
    stream.tasks.add(task => tasks.push(task));
    const task = makeTask({ id: 'sl-9' });
    socket().deliver({ frame: 'task', task });
    expect(tasks).toEqual([task]);
  });

  it('keeps a lease, and knows when it is gone', () => {
    const states: boolean[] = [];
    const giveUp = stream.lease('sl-1', isHeld => states.push(isHeld));
    const ask = { frame: 'lease', task: 'sl-1' };
    expect(socket().take()).toEqual([ask]);
    socket().deliver({ frame: 'lease', task: 'sl-1', held: true });
    timers.fire(5000);
    timers.fire(5000);
    expect(socket().take()).toEqual([ask, ask]);
    reconnect();
    expect(socket().take()).toEqual([ask]);
    socket().deliver({ frame: 'lease', task: 'sl-1', held: true });
    socket().deliver({ frame: 'lease', task: 'sl-1', held: false });
    expect(states).toEqual([false, true, false, true, false]);
    giveUp();
    timers.fire(5000);
    expect([socket().take(), timers.waits]).toEqual([[], []]);
  });

  it('leaves nothing behind', () => {
    stream.subscribe('sl-1', 0, hear);
    stream.lease('sl-1', () => undefined);
    stream.close();
    stream.close();
    expect([timers.waits, socket().isClosed]).toEqual([[], true]);
  });

  it('brings the questions of logins, their ends, and news of targets', () => {
    const news: unknown[] = [];
    stream.prompts.add(prompt => news.push(prompt));
    stream.closedPrompts.add(id => news.push(id));
    stream.targets.add(() => news.push('targets'));
    const prompt: Prompt = {
      id: 'p-1',
      target: 't',
      host: 'h',
      kind: 'password',
      text: '',
      fields: [{ label: 'Password', secret: true }],
      hostKey: null,
      openedAt: 1,
      expiresAt: 2,
      isShown: false
    };
    socket().deliver(
      { frame: 'prompt', ...prompt },
      { frame: 'prompt-closed', id: 'p-1' },
      { frame: 'targets' }
    );
    expect(news).toEqual([{ frame: 'prompt', ...prompt }, 'p-1', 'targets']);
  });

  it('says on each connection that questions are shown here, once that is so', () => {
    reconnect();
    expect(socket().take()).toEqual([]);
    socket().deliver({ frame: 'targets' });
    stream.showPrompts();
    expect(socket().take()).toEqual([{ frame: 'shows-prompts' }]);
    reconnect();
    expect(socket().take()).toEqual([{ frame: 'shows-prompts' }]);
  });
});
