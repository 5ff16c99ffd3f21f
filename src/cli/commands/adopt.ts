import type { AdoptInput } from '../../shared/wire/adopt';
import { type CommandContext, print } from '../command-context';
import { adoptText } from '../print/adopt-text';

/** Find the runs on a target of which this machine has no record, and take them over. */
export async function adopt(
  context: CommandContext,
  target: string,
  request: AdoptInput
): Promise<number> {
  const whole = { projectDir: context.cwd, ...request };
  const report = await context.access.ask(client => client.adopt(target, whole));
  print(context, report, body => adoptText(body, request.dryRun === true));
  return 0;
}
