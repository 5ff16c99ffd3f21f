import { appendFile, rm, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeKey } from '../loopback-sshd';
import { HOST, sshdHost, twoFactorHost, typing } from './case-hosts';
import { type LoginCase, loginCase } from './login-case';

const run = promisify(execFile);

const PASSWORD = 'correct horse';
const PASSPHRASE = 'battery staple';

/** Logins by keys of all kinds. */
export const KEY_LOGINS: readonly LoginCase[] = [
  loginCase('key file', 'sshd', 'in', async stand => {
    await sshdHost(stand);
    return { host: HOST };
  }),
  ...(['ed25519', 'ecdsa', 'rsa'] as const).map(type =>
    loginCase(`key file with a passphrase (${type})`, 'sshd', 'in', async stand => {
      const sshd = await sshdHost(stand);
      await Promise.all([rm(sshd.clientKeyPath), rm(`${sshd.clientKeyPath}.pub`)]);
      const publicKey = await makeKey(sshd.clientKeyPath, type, PASSPHRASE);
      // The public part is in the file, too.
      await rm(`${sshd.clientKeyPath}.pub`);
      await writeFile(join(sshd.folder, 'authorized_keys'), `${publicKey}\n`);
      return { host: HOST, answer: typing(PASSPHRASE), asks: [`${HOST}: passphrase`] };
    })
  ),
  loginCase(
    'key file with a passphrase that the host does not accept',
    'ssh2 server',
    'in',
    async stand => {
      const { path } = await stand.key('stranger', { passphrase: PASSPHRASE });
      await twoFactorHost(stand, { ways: [['publickey'], ['password']], password: PASSWORD }, [
        path
      ]);
      return { host: HOST, answer: typing(PASSWORD), asks: [`${HOST}: password`] };
    }
  ),
  loginCase('key of the agent', 'sshd', 'in', async stand => {
    const sshd = await stand.sshd();
    const agent = await stand.agent([sshd.clientKeyPath]);
    await stand.host(HOST, {
      port: sshd.port,
      hostKey: await sshd.hostKey('ed25519'),
      agent
    });
    return { host: HOST };
  }),
  loginCase('two keys, one after the other', 'sshd', 'in', async stand => {
    const sshd = await stand.sshd({ lines: ['AuthenticationMethods publickey,publickey'] });
    const second = await stand.key('second', { type: 'rsa' });
    await appendFile(join(sshd.folder, 'authorized_keys'), `${second.publicKey}\n`);
    const hostKey = await sshd.hostKey('ed25519');
    const keys = [sshd.clientKeyPath, second.path];
    await stand.host(HOST, { port: sshd.port, hostKey, keys });
    return { host: HOST };
  }),
  loginCase(
    'certificate',
    'sshd',
    { ssh2: 'authentication-refused', openssh: 'in' },
    async stand => {
      const ca = await stand.key('ca');
      const sshd = await stand.sshd({ lines: [`TrustedUserCAKeys ${ca.path}.pub`] });
      await writeFile(join(sshd.folder, 'authorized_keys'), '');
      const names = ['-I', 'a person', '-n', userInfo().username, `${sshd.clientKeyPath}.pub`];
      await run('ssh-keygen', ['-q', '-s', ca.path, ...names]);
      await stand.host(HOST, {
        port: sshd.port,
        hostKey: await sshd.hostKey('ed25519'),
        keys: [sshd.clientKeyPath],
        lines: [`CertificateFile ${sshd.clientKeyPath}-cert.pub`]
      });
      return { host: HOST };
    }
  ),
  loginCase('wrong key', 'sshd', 'authentication-refused', async stand => {
    const sshd = await sshdHost(stand);
    await writeFile(join(sshd.folder, 'authorized_keys'), '');
    return { host: HOST };
  })
];
