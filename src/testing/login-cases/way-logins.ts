import { spawn, execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TwoFactorServer } from '../two-factor-server';
import { waitUntil } from '../wait-until';
import { code, expectOnce, HOST, sshdHost, typing } from './case-hosts';
import { type LoginCase, loginCase } from './login-case';

const run = promisify(execFile);

const sessions = (limit: number): LoginCase =>
  loginCase(`MaxSessions ${limit}, six calls at once`, 'sshd', 'in', async stand => {
    await sshdHost(stand, { lines: [`MaxSessions ${limit}`] });
    return { host: HOST, calls: 6 };
  });

/** Jump hosts with a code each before a real sshd. */
const jumps = (count: 1 | 2): LoginCase =>
  loginCase(
    `${count} jump host${count === 1 ? '' : 's'}, each with a code of its own`,
    'both',
    'in',
    async stand => {
      const names = Array.from({ length: count }, (_, index) => `jump${index + 1}`);
      const servers: TwoFactorServer[] = [];
      for (const [index, name] of names.entries()) {
        // OpenSSH says which host asks by its host name alone.
        const hostName = `127.0.0.${index + 2}`;
        const server = await stand.twoFactor({
          ways: [['keyboard-interactive']],
          rounds: [code(`of ${name}`)],
          listenOn: hostName
        });
        await stand.host(name, { ...server, hostName });
        servers.push(server);
      }
      const sshd = await stand.sshd();
      const hostKey = await sshd.hostKey('ed25519');
      const jump = names.join(',');
      await stand.host(HOST, { port: sshd.port, hostKey, keys: [sshd.clientKeyPath], jump });
      return {
        host: HOST,
        answer: typing(...names.map(name => `of ${name}`)),
        asks: names.map(name => `${name}: question`),
        check: () => {
          servers.forEach((server, index) =>
            expectOnce(server.count.answers, `of ${names[index] ?? ''}`)
          );
        }
      };
    }
  );

/** Ways to a host, and what it lets happen there. */
export const WAY_LOGINS: readonly LoginCase[] = [
  jumps(1),
  jumps(2),
  sessions(1),
  sessions(2),
  loginCase('forced command that refuses', 'sshd', 'remote-command-failed', async stand => {
    await sshdHost(stand, { forceCommand: 'echo "This account is not available."; exit 1' });
    return { host: HOST };
  }),
  loginCase('IPv6', 'sshd', 'in', async stand => {
    const sshd = await stand.sshd({ lines: ['ListenAddress ::1'] });
    const hostKey = await sshd.hostKey('ed25519');
    const keys = [sshd.clientKeyPath];
    await stand.host(HOST, { port: sshd.port, hostName: '::1', hostKey, keys });
    return { host: HOST };
  }),
  loginCase(
    'live master connection of the person’s',
    'sshd',
    { ssh2: 'authentication-refused', openssh: 'in' },
    async stand => {
      const sshd = await stand.sshd();
      const control = join(stand.folder, 'master');
      await stand.host(HOST, {
        port: sshd.port,
        hostKey: await sshd.hostKey('ed25519'),
        keys: [sshd.clientKeyPath],
        lines: [`ControlPath ${control}`]
      });
      const master = spawn('ssh', ['-F', stand.configPath, '-M', '-N', HOST], { stdio: 'ignore' });
      const exited = new Promise(resolve => master.once('exit', resolve));
      stand.onEnd(async () => {
        master.kill();
        await exited;
      });
      await waitUntil('the master is there', () =>
        run('ssh', ['-F', stand.configPath, '-O', 'check', HOST]).then(
          () => true,
          () => false
        )
      );
      // From now on nobody is let in but through the master.
      await writeFile(join(sshd.folder, 'authorized_keys'), '');
      return { host: HOST, asks: [] };
    }
  )
];
