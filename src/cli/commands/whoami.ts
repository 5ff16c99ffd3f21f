import { hostname, userInfo } from 'node:os';
import { type CommandContext, print } from '../command-context';

/** Who one is for Sluice here, and which service answers. */
export async function whoami(context: CommandContext): Promise<number> {
  const health = await context.access.ask(client => client.health());
  print(context, health, ({ version, pid, statePath, configPath, logPath }) =>
    [
      `user           ${userInfo().username}@${hostname()}`,
      `service        ${version} (pid ${pid})`,
      `state          ${statePath}`,
      `configuration  ${configPath}`,
      `log            ${logPath}`,
      ''
    ].join('\n')
  );
  return 0;
}
