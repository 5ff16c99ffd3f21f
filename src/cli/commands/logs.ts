import type { CommandContext } from '../command-context';
import { followTask } from '../follow-task';
import { eventPieces } from '../print/event-text';

/** What a task printed; with `isFollowed` also what it goes on to print, to its end. */
export async function logs(
  context: CommandContext,
  id: string,
  isFollowed: boolean
): Promise<number> {
  if (!isFollowed) {
    context.out(await context.access.ask(client => client.logs(id)));
    return 0;
  }
  await followTask(context.access, id, {
    task: () => undefined,
    event: event => {
      eventPieces(event).forEach(({ to, text }) => {
        context[to](text);
      });
    }
  });
  return 0;
}
