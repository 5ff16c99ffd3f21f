import type { NotebookModel } from '@jupyterlab/notebook';
import { SluiceError } from '../../../shared/errors';
import type { Task } from '../../../shared/wire/task';
import { FakeClock } from '../../__tests__/fake-clock';
import { FakeService } from '../../__tests__/fake-service';
import { codeCell, makeNotebook, reopen } from '../../__tests__/make-cell';
import { texts } from '../../__tests__/make-texts';
import { makeEvents, makeTask, stdout } from '../../__tests__/make-task';
import { Logins } from '../../login/logins';
import { TaskStore } from '../../tasks/task-store';
import { Ticker } from '../../tasks/ticker';
import { readRecord } from '../cell-record';
import { CellRun } from '../cell-run';
import { OTHER_WRITER_MS } from '../delivery';

/** One page: a store, and a run of the notebook's first cell. */
function openPage(notebook: NotebookModel) {
  const clock = new FakeClock();
  const service = new FakeService();
  const store = new TaskStore(service, new Ticker(clock));
  service.stream.start();
  const restored: Task[] = [];
  const run = new CellRun(codeCell(notebook), notebook, {
    service,
    store,
    logins: new Logins(service, store),
    clock,
    texts,
    shown: () => ({ characters: 10_000, lines: 1000 }),
    trustOf: target => (target === 'testbed' ? 'outputs' : 'none'),
    restore: async task => {
      restored.push(task);
      return task.variables.length > 0 ? ['“x” is “x_slurm”.'] : [];
    },
    hash: async source => `hash of ${source}`
  });
  const deliver = (first: number, ...lines: string[]): void => {
    service.stream.deliver(makeEvents(lines.map(stdout), first));
    clock.advance(100);
  };
  return { notebook, clock, service, store, run, model: run.model, restored, deliver };
}

const task = (changes: Partial<Task> = {}): Task =>
  makeTask({ sourceSha256: 'hash of print(1)', ...changes });

function begin() {
  const page = openPage(makeNotebook('print(1)', 'y = 2'));
  page.run.accept('testbed');
  page.run.submitted(task({ phase: 'preparing' }));
  page.service.stream.grant('task-1');
  return page;
}

const shownText = (notebook: NotebookModel): string =>
  codeCell(notebook)
    .outputs.toJSON()
    .map(output => output['text'] as string)
    .join('');

const settled = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 0));

describe('a run', () => {
  it('marks the prompt from the first moment to the end and gives the cell a number', () => {
    const page = openPage(makeNotebook('print(1)', 'y = 2'));
    codeCell(page.notebook, 1).executionCount = 4;
    page.run.accept('testbed');
    expect(page.model.executionState).toBe('running');
    expect(page.run.line).toMatchObject({ kind: 'local', step: 'asking-kernel' });
    page.run.submitted(task());
    page.service.stream.grant('task-1');
    page.deliver(1, 'one\n');
    page.store.put(task({ phase: 'completed', startedAt: 1, lastIndex: 1 }));
    expect([page.model.executionState, page.model.executionCount]).toEqual(['idle', 5]);
    expect(readRecord(page.model)).toEqual({ task: 'task-1', index: 1, ended: true });
    expect(page.service.stream.isLeased('task-1')).toBe(false);
  });

  it('is not over before its last event is here', () => {
    const page = begin();
    page.store.put(task({ phase: 'completed', startedAt: 1, lastIndex: 2 }));
    page.deliver(1, 'one\n');
    expect(page.model.executionState).toBe('running');
    page.deliver(2, 'two\n');
    expect(page.model.executionState).toBe('idle');
    expect(shownText(page.notebook)).toBe('one\ntwo\n');
  });

  it('goes on after a reload with each line once', () => {
    const page = begin();
    page.deliver(1, 'one\n', 'two\n');
    // Taken, but not written yet when the page goes away.
    page.service.stream.deliver(makeEvents([stdout('three\n')], 3));
    const later = openPage(reopen(page.notebook));
    later.run.follow(task({ phase: 'running', lastIndex: 3 }));
    expect(later.model.executionState).toBe('running');
    later.service.stream.grant('task-1');
    expect(later.service.stream.subscriptions).toMatchObject([{ task: 'task-1', after: 2 }]);
    later.deliver(1, 'one\n', 'two\n', 'three\n', 'four\n');
    expect(shownText(later.notebook)).toBe('one\ntwo\nthree\nfour\n');
  });

  it('goes on after a lost connection with each line once', () => {
    const page = begin();
    page.deliver(1, 'one\n');
    page.service.stream.deliver(makeEvents([stdout('two\n')], 2));
    page.service.stream.grant('task-1', false);
    page.clock.advance(1000);
    page.service.stream.grant('task-1', true);
    page.deliver(1, 'one\n', 'two\n', 'three\n');
    expect(shownText(page.notebook)).toBe('one\ntwo\nthree\n');
  });

  it('writes nothing while another page does, and says so', () => {
    const page = openPage(makeNotebook('print(1)'));
    page.run.accept(null);
    page.run.submitted(task());
    page.deliver(1, 'one\n');
    expect(page.service.stream.subscriptions).toEqual([]);
    expect(page.run.line).toMatchObject({ isWriter: true });
    page.clock.advance(OTHER_WRITER_MS);
    expect(page.run.line).toMatchObject({ isWriter: false });
    expect(shownText(page.notebook)).toBe('');
    page.service.stream.grant('task-1');
    expect(page.run.line).toMatchObject({ isWriter: true });
  });

  it('is done at once when the other page of a shared document has written the end', () => {
    const page = begin();
    page.service.stream.grant('task-1', false);
    page.model.sharedModel.setMetadata('sluice', { task: 'task-1', index: 9, ended: true });
    page.store.put(task({ phase: 'failed', lastIndex: 9 }));
    page.service.stream.grant('task-1', true);
    expect(page.model.executionState).toBe('idle');
    expect(shownText(page.notebook)).toBe('');
    expect(page.restored).toEqual([]);
  });

  it('brings variables home once, and tells of a conflict until it is dismissed', async () => {
    const page = begin();
    const variable = { name: 'x', type: 'int', bytes: 1, format: 'json', files: [], reason: null };
    page.store.put(task({ phase: 'completed', variables: [variable] }));
    await settled();
    expect(page.restored).toHaveLength(1);
    expect(page.run.line).toMatchObject({ notes: ['“x” is “x_slurm”.'] });
    page.run.dismiss();
    expect(page.run.line).toMatchObject({ notes: [], isDismissed: true });
    const later = openPage(reopen(page.notebook));
    later.run.follow(task({ phase: 'completed', variables: [variable] }));
    later.service.stream.grant('task-1');
    await settled();
    expect(later.restored).toEqual([]);
  });

  it('says in the cell why it failed, once', () => {
    const page = begin();
    const reason = {
      code: 'sbatch-refused',
      message: 'Slurm refused',
      hint: 'Change it.',
      token: null
    };
    page.store.put(task({ phase: 'failed', reason }));
    expect(page.model.outputs.toJSON()).toMatchObject([
      { ename: 'SluiceError', evalue: 'Slurm refused', traceback: ['Slurm refused', 'Change it.'] }
    ]);
    expect([page.model.executionState, page.model.executionCount]).toEqual(['idle', null]);
    const later = openPage(reopen(page.notebook));
    later.run.follow(task({ phase: 'failed', reason }));
    later.service.stream.grant('task-1');
    expect(later.model.outputs.length).toBe(1);
  });

  it('adds nothing to the exception of the cell itself', () => {
    const page = begin();
    const error = { ename: 'ZeroDivisionError', evalue: 'division by zero', traceback: ['t'] };
    page.service.stream.deliver(makeEvents([{ type: 'error', data: error }]));
    page.store.put(task({ phase: 'failed', startedAt: 1, lastIndex: 1 }));
    expect(page.model.outputs.toJSON()).toEqual([{ output_type: 'error', ...error }]);
  });

  it('clears the prompt when Sluice itself fails', () => {
    const page = openPage(makeNotebook('print(1)'));
    page.run.accept('testbed');
    page.run.fail(new SluiceError('service-down', { problem: 'gone' }).toProblem());
    expect(page.model.executionState).toBe('idle');
    expect(page.model.outputs.toJSON()).toMatchObject([{ ename: 'SluiceError' }]);
    expect(page.run.line).toMatchObject({ kind: 'problem' });
  });

  it('says that the outputs are of an earlier version when the source was edited meanwhile', async () => {
    const page = begin();
    await settled();
    expect(page.run.line).toMatchObject({ isEdited: false });
    page.model.sharedModel.setSource('print(2)');
    await settled();
    page.deliver(1, 'one\n');
    page.store.put(task({ phase: 'completed', lastIndex: 1 }));
    expect(page.run.line).toMatchObject({ isEdited: true });
    expect(shownText(page.notebook)).toBe('one\n');
  });

  it('takes an edit after the end for what it is', async () => {
    const page = begin();
    page.store.put(task({ phase: 'completed' }));
    page.model.sharedModel.setSource('print(2)');
    await settled();
    expect(page.run.line).toMatchObject({ isEdited: false });
  });

  it('leaves the cell to its kernel when it is run there', () => {
    const page = begin();
    page.deliver(1, 'one\n');
    page.run.supersede();
    page.model.clearExecution();
    page.deliver(2, 'two\n');
    expect(shownText(page.notebook)).toBe('');
    expect(page.run.isPast('task-1')).toBe(true);
    expect(readRecord(page.model)).toMatchObject({ ended: true });
  });

  it('cancels its task, or the wait for one', async () => {
    const page = openPage(makeNotebook('print(1)'));
    const signal = page.run.accept('testbed');
    await page.run.cancel();
    expect(signal.aborted).toBe(true);
    page.run.abandon();
    expect([page.run.isLive, page.model.executionState]).toEqual([false, 'idle']);
    const other = begin();
    await other.run.cancel();
    expect(other.service.canceled).toEqual(['task-1']);
  });
});
