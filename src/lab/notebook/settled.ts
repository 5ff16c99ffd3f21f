import { isTerminal } from '../../shared/phases';
import type { Task } from '../../shared/wire/task';
import type { ITaskStore, StoreChange } from '../tasks/task-store';

/** The task once it is on its way or refused: no longer being prepared here. */
export function settled(store: ITaskStore, task: Task): Promise<Task> {
  const isSettled = (one: Task): boolean => one.phase !== 'preparing' || isTerminal(one.phase);
  const known = store.get(task.id) ?? task;
  if (isSettled(known)) {
    return Promise.resolve(known);
  }
  return new Promise(resolve => {
    const onChanged = (_: ITaskStore, change: StoreChange): void => {
      const now = store.get(task.id);
      if ((change.task === null || change.task.id === task.id) && now && isSettled(now)) {
        store.changed.disconnect(onChanged);
        resolve(now);
      }
    };
    store.changed.connect(onChanged);
  });
}
