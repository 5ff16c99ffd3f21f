import type { Choice } from '../../shared/wire/task';
import { type CommandContext, print } from '../command-context';
import { taskText } from '../print/task-text';

/** Decide about a task of which it is not known what became of it; prints it, or the new one. */
export async function resolve(
  context: CommandContext,
  id: string,
  choice: Choice
): Promise<number> {
  const task = await context.access.ask(client => client.resolve(id, choice));
  print(context, task, body => taskText(body, context.nowMs()));
  return 0;
}
