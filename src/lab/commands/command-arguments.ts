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

/** The task that a command's arguments name; empty when they name none. */
export function taskArgument(args: Readonly<Record<string, unknown>>): string {
  const { task } = args;
  return typeof task === 'string' ? task : '';
}
