import type { CleanInput } from '../../shared/wire/clean';
import { type CommandContext, print } from '../command-context';
import { cleanText } from '../print/clean-text';

/** Remove what lies unused on a target, or say what would go. */
export async function clean(
  context: CommandContext,
  target: string,
  request: CleanInput
): Promise<number> {
  const whole = { projectDir: context.cwd, ...request };
  const report = await context.access.ask(client => client.clean(target, whole));
  print(context, report, body => cleanText(body, target));
  return 0;
}
