import { SluiceError } from '../../shared/errors';
import { type CommandContext, print } from '../command-context';
import { phaseLine } from '../print/task-text';

/** Ask for the end of tasks, or of all that have not ended; one that is over stays as it is. */
export async function cancel(
  context: CommandContext,
  ids: readonly string[],
  isAll: boolean
): Promise<number> {
  if (isAll === ids.length > 0) {
    const problem = 'name the tasks to cancel, or say --all for every one that has not ended';
    throw new SluiceError('request-invalid', { problem });
  }
  const tasks = await context.access.ask(client => client.cancelMany(isAll ? null : [...ids]));
  print(context, { tasks }, body =>
    body.tasks.length === 0
      ? 'Every task has ended.\n'
      : body.tasks.map(task => `${task.id}  ${phaseLine(task)}\n`).join('')
  );
  return 0;
}
