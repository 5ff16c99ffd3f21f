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

/** `describedBy` of a command that is about one target; it asks which where none is named. */
export const TARGET_ARGUMENTS = {
  args: {
    type: 'object',
    properties: { target: { type: 'string', description: 'Name of the target' } }
  }
} as const;

/** The target that a command's arguments name; null when they name none. */
export function targetArgument(args: Readonly<Record<string, unknown>>): string | null {
  const { target } = args;
  return typeof target === 'string' && target !== '' ? target : null;
}

/** The task that a command's arguments name; empty when they name none. */
export function taskArgument(args: Readonly<Record<string, unknown>>): string {
  const { task } = args;
  return typeof task === 'string' ? task : '';
}
