import type { TrustAnswer } from '../../shared/wire/decide';
import { type CommandContext, print } from '../command-context';
import { plainText } from '../print/plain-text';

/** Note how far a target is trusted: which of its values and outputs may act here. */
export async function trust(
  context: CommandContext,
  target: string,
  level: TrustAnswer['trust']
): Promise<number> {
  const { access, cwd } = context;
  const answer = { trust: level, projectDir: cwd };
  await access.ask(client => client.answerTrust(target, answer));
  print(context, { target, trust: level }, () => `${plainText(target)}: trusted with “${level}”\n`);
  return 0;
}
