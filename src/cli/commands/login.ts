import type { Connection } from '../../shared/wire/connection';
import { type CommandContext, print } from '../command-context';
import { plainText } from '../print/plain-text';

const WAYS: Readonly<Record<Connection['via'], string>> = {
  local: 'it is this machine',
  ssh2: 'by Sluice’s own SSH',
  openssh: 'by the system’s OpenSSH'
};

/** Log in to a target's host, and leave the connection to the service. */
export async function login(context: CommandContext, target: string): Promise<number> {
  const { access, cwd } = context;
  const connection = await access.ask(client => client.login(target, { projectDir: cwd }));
  print(
    context,
    { connection },
    () => `${plainText(target)}: connected, ${WAYS[connection.via]}\n`
  );
  return 0;
}

/** Give the connection to a target's host up; jobs there go on. */
export async function logout(context: CommandContext, target: string): Promise<number> {
  const { access, cwd } = context;
  const connection = await access.ask(client => client.logout(target, { projectDir: cwd }));
  print(
    context,
    { connection },
    () => `${plainText(target)}: the connection is closed; jobs there go on\n`
  );
  return 0;
}
