import type { PublicPhase } from '../../shared/phases';
import { type CommandContext, print } from '../command-context';
import { taskList } from '../print/task-text';

/** The tasks, or those of one state. */
export async function list(context: CommandContext, state?: PublicPhase): Promise<number> {
  const tasks = await context.access.ask(client => client.tasks({ state }));
  print(context, { tasks }, body =>
    body.tasks.length === 0 ? 'No tasks.\n' : taskList(body.tasks, context.nowMs())
  );
  return 0;
}
