import type { Task } from '../../shared/wire/task';

/** `describedBy` of a command that takes no arguments. */
export const NO_ARGUMENTS = { args: { type: 'object', properties: {} } } as const;

/** `describedBy` of a command that is about one task. */
export const TASK_ARGUMENTS = {
  args: {
    type: 'object',
    required: ['task'],
    properties: { task: { type: 'string', description: 'Id of the task' } }
  }
} as const;

/** `describedBy` of a command that is about one task, by itself that of the active cell. */
export const OPTIONAL_TASK_ARGUMENTS = {
  args: {
    type: 'object',
    properties: { task: { type: 'string', description: 'Id of the task' } }
  }
} as const;

/** `describedBy` of a command that is about one value of a task; it asks which where none is named. */
export const VALUE_ARGUMENTS = {
  args: {
    type: 'object',
    properties: {
      task: { type: 'string', description: 'Id of the task' },
      name: { type: 'string', description: 'Name of the value' }
    }
  }
} as const;

/** `describedBy` of a command that is about several tasks. */
export const TASKS_ARGUMENTS = {
  args: {
    type: 'object',
    required: ['tasks'],
    properties: {
      tasks: { type: 'array', items: { type: 'string' }, description: 'Ids of the tasks' }
    }
  }
} as const;

/** `describedBy` of a command that is about one target; it asks which where none is named. */
export const TARGET_ARGUMENTS = {
  args: {
    type: 'object',
    properties: {
      target: { type: 'string', description: 'Name of the target' },
      notebook: {
        type: 'string',
        description: 'Path of the notebook whose project may define the target'
      }
    }
  }
} as const;

/** What the command that logs in is told, so that a task goes on. */
export function loginArguments(task: Pick<Task, 'target' | 'origin'> | null | undefined): {
  target: string;
  notebook: string;
} {
  return { target: task?.target ?? '', notebook: task?.origin?.notebookPath ?? '' };
}

/** The target that a command's arguments name; null when they name none. */
export function targetArgument(args: Readonly<Record<string, unknown>>): string | null {
  const { target } = args;
  return typeof target === 'string' && target !== '' ? target : null;
}

/** The notebook that a command's arguments name; null when they name none. */
export function notebookArgument(args: Readonly<Record<string, unknown>>): string | null {
  const { notebook } = args;
  return typeof notebook === 'string' && notebook !== '' ? notebook : null;
}

/** The value that a command's arguments name; null when they name none. */
export function nameArgument(args: Readonly<Record<string, unknown>>): string | null {
  const { name } = args;
  return typeof name === 'string' && name !== '' ? name : null;
}

/** The task that a command's arguments name; empty when they name none. */
export function taskArgument(args: Readonly<Record<string, unknown>>): string {
  const { task } = args;
  return typeof task === 'string' ? task : '';
}
