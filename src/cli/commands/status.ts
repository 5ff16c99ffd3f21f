import { type CommandContext, print } from '../command-context';
import { taskText } from '../print/task-text';

/** One task. */
export async function status(context: CommandContext, id: string): Promise<number> {
  const task = await context.access.ask(client => client.task(id));
  print(context, task, body => taskText(body, context.nowMs()));
  return 0;
}
