import { type CommandContext, print } from '../command-context';
import { phaseLine } from '../print/task-text';

/** Ask for the end of a task; one that is over stays as it is. */
export async function cancel(context: CommandContext, id: string): Promise<number> {
  const task = await context.access.ask(client => client.cancel(id));
  print(context, task, body => `${body.id}  ${phaseLine(body)}\n`);
  return 0;
}
