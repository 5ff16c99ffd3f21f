import { makeTask } from '../../__tests__/make-task';
import { isMagicCell, magicTarget, taskOfCell } from '../task-of-cell';

const place = {
  id: 'cell-1',
  source: 'print(1)',
  record: null,
  notebookPath: 'work.ipynb',
  savedAt: 500,
  cellIds: new Set(['cell-1', 'cell-2'])
};

test('a cell has the task that it remembers', () => {
  const task = makeTask();
  expect(taskOfCell({ ...place, record: { task: 'task-1', index: 3 } }, [task])).toBe(task);
});

test('a copy of a cell leaves the task to the cell that it names', () => {
  const copy = { ...place, id: 'cell-2', record: { task: 'task-1', index: 3 } };
  expect(taskOfCell(copy, [makeTask()])).toBeNull();
});

test('a cell that lost its id still has its task', () => {
  const task = makeTask();
  const renamed = { ...place, id: 'other', cellIds: new Set(['other']) };
  expect(taskOfCell({ ...renamed, record: { task: 'task-1', index: 3 } }, [task])).toBe(task);
});

test('a live task finds the cell that does not know it', () => {
  const task = makeTask();
  expect(taskOfCell(place, [task])).toBe(task);
  expect(taskOfCell({ ...place, notebookPath: 'other.ipynb' }, [task])).toBeNull();
});

test('a finished one does so only when the file was not written since', () => {
  const task = makeTask({ phase: 'completed', endedAt: 1000 });
  expect(taskOfCell(place, [task])).toBe(task);
  expect(taskOfCell({ ...place, savedAt: 2000 }, [task])).toBeNull();
});

test('of two, the newer one counts', () => {
  const old = makeTask({ submittedAt: 1 });
  const young = makeTask({ id: 'task-2', submittedAt: 2 });
  const record = { task: 'task-1', index: 1, ended: true };
  expect(taskOfCell({ ...place, record }, [old, young])).toBe(young);
  expect(taskOfCell({ ...place, record: { ...record, task: 'task-2' } }, [old, young])).toBe(young);
});

test('what a magic sends is shown by its kernel', () => {
  expect(taskOfCell({ ...place, source: '%%slurm testbed\nprint(1)' }, [makeTask()])).toBeNull();
  expect([
    isMagicCell('\n%%slurm\nx'),
    isMagicCell('%%slurmy\nx'),
    isMagicCell('# %%slurm')
  ]).toEqual([true, false, false]);
});

test.each([
  ['%%slurm curnagl --cpus 4\nx', 'curnagl'],
  ['\n%%slurm curnagl', 'curnagl'],
  ['%%slurm --cpus 4\nx', null],
  ['%%slurm\ncurnagl', null],
  ['x = 1', null]
])('%j names %s', (source, target) => {
  expect(magicTarget(source)).toBe(target);
});
