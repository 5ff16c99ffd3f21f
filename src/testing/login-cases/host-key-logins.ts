import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { LoopbackSshd } from '../loopback-sshd';
import { HOST, sshdHost, typing } from './case-hosts';
import { type LoginCase, loginCase } from './login-case';

const run = promisify(execFile);

/** What known_hosts says of a host. */
export const HOST_KEY_LOGINS: readonly LoginCase[] = [
  loginCase('host key unknown, accepted by a person', 'sshd', 'in', async stand => {
    await sshdHost(stand, { known: () => [] });
    return { host: HOST, answer: typing(), asks: [`${HOST}: host-key`] };
  }),
  loginCase('host key unknown, and nobody is there', 'sshd', 'needs-login', async stand => {
    await sshdHost(stand, { known: () => [] });
    return { host: HOST };
  }),
  loginCase('host key changed', 'sshd', 'host-key-changed', async stand => {
    const other = await stand.key('other');
    const known = ({ port }: LoopbackSshd): string[] => [`[127.0.0.1]:${port} ${other.publicKey}`];
    await sshdHost(stand, { known });
    return { host: HOST, answer: typing(), asks: [] };
  }),
  loginCase('host key revoked', 'sshd', 'host-key-revoked', async stand => {
    await sshdHost(stand, {
      known: ({ port }, hostKey) => [`[127.0.0.1]:${port} ${hostKey}`, `@revoked * ${hostKey}`]
    });
    return { host: HOST, answer: typing(), asks: [] };
  }),
  loginCase('host known by a hashed name', 'sshd', 'in', async stand => {
    await sshdHost(stand);
    await run('ssh-keygen', ['-q', '-H', '-f', stand.knownHostsPath]);
    return { host: HOST, asks: [] };
  }),
  loginCase('port other than 22, known by that port alone', 'sshd', 'needs-login', async stand => {
    const known = ({ port }: LoopbackSshd, hostKey: string): string[] => [
      `[127.0.0.1]:${port + 1} ${hostKey}`
    ];
    await sshdHost(stand, { known });
    return { host: HOST };
  })
];
