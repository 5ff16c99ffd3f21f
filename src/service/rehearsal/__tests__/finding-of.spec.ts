import type { TaskEvent } from '../../../shared/wire/events';
import type { Finding } from '../../../shared/wire/rehearsal';
import type { Task } from '../../../shared/wire/task';
import { findingOf } from '../finding-of';

const task = (change: Partial<Task>): Task =>
  ({
    phase: 'failed',
    reason: null,
    startedAt: 1000,
    endedAt: 3500,
    cancelRequested: false,
    ...change
  }) as Task;

const said: Finding = {
  ok: true,
  seconds: 1,
  uncaptured: [],
  stopped: null,
  message: 'It ran to its end.'
};
const event: TaskEvent = {
  task: 'sl-1',
  index: 1,
  attempt: 0,
  seq: 1,
  type: 'rehearsal',
  data: said
};

describe('what a rehearsal found', () => {
  it('is what its worker said', () => {
    expect(findingOf(task({}), [event], true)).toEqual(said);
  });

  it('is the reason of a task that never began', () => {
    const reason = { code: 'kernel-remote', message: 'No.', hint: 'Do this.', token: null };
    const found = findingOf(task({ reason, startedAt: null, endedAt: 5 }), [], false);
    expect(found).toMatchObject({ ok: false, seconds: 0, stopped: 'exception' });
    expect(found.message).toBe('No. Do this.');
  });

  it('says that a worker died', () => {
    expect(findingOf(task({}), [], false)).toMatchObject({
      ok: false,
      seconds: 2.5,
      stopped: 'exception',
      message: 'The rehearsal ended as failed.'
    });
  });

  it('tells the end of its time from a cancel', () => {
    const canceled = task({ phase: 'canceled', cancelRequested: true });
    expect(findingOf(canceled, [], true)).toMatchObject({ stopped: 'time' });
    expect(findingOf(canceled, [], false)).toMatchObject({ stopped: 'canceled' });
    const waiting = task({ cancelRequested: true, startedAt: null });
    expect(findingOf(waiting, [], true).message).toContain('did not begin in time');
  });
});
