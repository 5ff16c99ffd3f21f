import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import { LoginStand } from '../../../../testing/login-stand';
import { makeKey } from '../../../../testing/loopback-sshd';
import { ScriptedPerson } from '../../../../testing/scripted-person';
import { waitUntil } from '../../../../testing/wait-until';
import type { SluiceError } from '../../../../shared/errors';
import type { ILoginPrompter } from '../../login/login-prompter';
import { makeOpensshFolder } from '../openssh-folder';
import { OpensshLogin } from '../openssh-login';
import { readOpensshSettings } from '../openssh-settings';
import { createOpensshTransport } from '../openssh-transport';
import type { ITransport } from '../../transport';

const run = promisify(execFile);
const how = { action: 'test', timeoutMs: 20_000 };
const user = userInfo().username;

jest.setTimeout(60_000);

let stand: LoginStand;
beforeEach(async () => {
  stand = await LoginStand.create();
});
afterEach(async () => {
  await stand.end();
});

function transportTo(host: string, prompter?: ILoginPrompter, nowMs?: () => number): ITransport {
  const transport = createOpensshTransport({
    target: 'test',
    host,
    sshConfig: stand.configPath,
    prompter,
    nowMs
  });
  stand.onEnd(() => transport.close());
  return transport;
}

const output = async (transport: ITransport): Promise<string> =>
  (await transport.run('echo reached', how)).stdout.toString().trim();

const errorOf = (transport: ITransport): Promise<SluiceError> =>
  transport.run('echo reached', how).then(
    () => {
      throw new Error('the host was reached');
    },
    (error: unknown) => error as SluiceError
  );

/** A person who types what is given, in turn. */
const typing = (...answers: string[]): ScriptedPerson =>
  new ScriptedPerson(({ fields }) => (fields.length === 0 ? [] : [answers.shift() ?? '']));

describe('the host key', () => {
  const unknown = async (lines: string[] = []) => {
    const sshd = await stand.sshd();
    const hostKey = await sshd.hostKey('ed25519');
    await stand.host('box', { port: sshd.port, hostKey, keys: [sshd.clientKeyPath], lines }, []);
    return { sshd, hostKey, name: `[127.0.0.1]:${sshd.port}` };
  };

  it('is asked about once, and stored', async () => {
    const { sshd } = await unknown();
    const person = typing();
    const transport = transportTo('box', person);
    expect(await output(transport)).toBe('reached');
    await transport.close();
    expect(await output(transport)).toBe('reached');
    expect(person.asked).toHaveLength(1);
    expect(person.asked[0]).toMatchObject({
      host: 'box',
      kind: 'host-key',
      fields: [],
      hostKey: {
        algorithm: 'ED25519',
        fingerprint: await sshd.fingerprint('ed25519'),
        knownHosts: stand.knownHostsPath
      }
    });
    expect(await readFile(stand.knownHostsPath, 'utf8')).toContain(await sshd.hostKey('ed25519'));
  });

  it.each([[[]], [['StrictHostKeyChecking no']], [['NoHostAuthenticationForLocalhost yes']]])(
    'needs a person, whatever the configuration says: %j',
    async lines => {
      const { sshd } = await unknown(lines);
      const error = await errorOf(transportTo('box'));
      expect(error.code).toBe('needs-login');
      expect(error.details).toMatchObject({ fingerprint: await sshd.fingerprint('ed25519') });
      expect(await readFile(stand.knownHostsPath, 'utf8')).toBe('');
    }
  );

  it('is refused without a question where the configuration says so', async () => {
    const { sshd } = await unknown(['StrictHostKeyChecking yes']);
    const person = typing();
    const error = await errorOf(transportTo('box', person));
    expect(error.code).toBe('host-key-unknown');
    expect(error.details).toMatchObject({
      host: 'box',
      algorithm: 'ED25519',
      fingerprint: await sshd.fingerprint('ed25519'),
      knownHosts: stand.knownHostsPath
    });
    expect(person.asked).toEqual([]);
  });

  it('is refused when it has changed', async () => {
    const { sshd, name } = await unknown();
    const other = await makeKey(`${stand.folder}/other`, 'ed25519');
    await writeFile(stand.knownHostsPath, `# a comment\n${name} ${other}\n`);
    const error = await errorOf(transportTo('box', typing()));
    expect(error.code).toBe('host-key-changed');
    expect(error.details).toMatchObject({
      fingerprint: await sshd.fingerprint('ed25519'),
      knownHosts: stand.knownHostsPath,
      line: 2
    });
  });

  it('is refused when it is revoked', async () => {
    const { hostKey, name } = await unknown();
    await writeFile(stand.knownHostsPath, `${name} ${hostKey}\n@revoked * ${hostKey}\n`);
    const error = await errorOf(transportTo('box', typing()));
    expect(error.code).toBe('host-key-revoked');
    expect(error.details).toMatchObject({ knownHosts: stand.knownHostsPath, line: 2 });
  });

  it('is not used when the person says no', async () => {
    await unknown();
    const error = await errorOf(transportTo('box', new ScriptedPerson(() => null)));
    expect(error.code).toBe('login-canceled');
    expect(await readFile(stand.knownHostsPath, 'utf8')).toBe('');
  });
});

describe('a login that asks', () => {
  it('for a password, which is sent once and never again by itself', async () => {
    const server = await stand.twoFactor({ ways: [['password']], password: `it's "$(id)" é` });
    await stand.host('box', server);
    const person = typing(`it's "$(id)" é`);
    const transport = transportTo('box', person);
    expect(await output(transport)).toBe('reached');
    expect(person.asked).toMatchObject([{ host: 'box', kind: 'password' }]);
    expect(transport.connection).toMatchObject({ state: 'connected', via: 'openssh' });
    expect(person.running).toBe(0);

    server.cut();
    await waitUntil('the loss is known', async () => transport.connection.state === 'needs-login');
    expect((await errorOf(transport)).code).toBe('needs-login');
    expect(server.count).toMatchObject({ connections: 1, logins: 1 });
    expect(server.count.passwords).toHaveLength(1);
  });

  it('says what was refused, and does not send a wrong password twice', async () => {
    const server = await stand.twoFactor({ ways: [['password']], password: 'right' });
    await stand.host('box', server);
    const error = await errorOf(transportTo('box', typing('wrong')));
    expect(error).toMatchObject({
      code: 'authentication-refused',
      details: { host: 'box', user, methods: 'password' }
    });
    expect(server.count.passwords).toEqual(['wrong']);
  });

  it('in three rounds after a key, with the server’s words and a long wait', async () => {
    const client = await stand.key('client');
    let isPressed = (): void => undefined;
    const pressed = new Promise<void>(resolve => {
      isPressed = resolve;
    });
    const prompt = (text: string) => [{ prompt: text, echo: false }];
    const server = await stand.twoFactor({
      ways: [['publickey', 'keyboard-interactive']],
      keys: [client.publicKey],
      banner: 'Welcome to the cluster\r\n',
      rounds: [
        { prompts: prompt('Password: '), answers: ['first'] },
        { prompts: prompt('Duo\n 1. Push\nPasscode or option: '), wait: () => pressed },
        { instructions: 'One more thing', prompts: prompt('Code: '), answers: ['third'] }
      ]
    });
    await stand.host('box', { ...server, keys: [client.path] });
    const person = typing('first', '1', 'third');
    const transport = transportTo('box', person);
    const running = output(transport);
    await waitUntil('the push is on its way', async () => server.count.answers.length === 2);
    expect(transport.connection.state).toBe('connecting');
    isPressed();
    expect(await running).toBe('reached');
    expect(server.count.answers).toEqual(['first', '1', 'third']);
    expect(person.begun).toBe(1);
    expect(person.asked.map(({ fields }) => fields[0]?.label)).toEqual([
      'Password:',
      'Passcode or option:',
      'Code:'
    ]);
    expect(person.asked[0]?.text).toContain('Welcome to the cluster');
    expect(person.asked[1]?.text).toContain('1. Push');
    expect(person.asked[2]?.text).toContain('One more thing');
  });

  it('on the way, of a jump host that asks for itself', async () => {
    const sshd = await stand.sshd();
    const jump = await stand.twoFactor({
      ways: [['keyboard-interactive']],
      rounds: [{ prompts: [{ prompt: 'Code: ', echo: false }], answers: ['123'] }],
      listenOn: '127.0.0.2'
    });
    await stand.host('gate', { ...jump, hostName: '127.0.0.2' });
    const hostKey = await sshd.hostKey('ed25519');
    await stand.host('box', {
      port: sshd.port,
      hostKey,
      keys: [sshd.clientKeyPath],
      jump: 'gate'
    });
    const person = typing('123');
    expect(await output(transportTo('box', person))).toBe('reached');
    expect(person.asked).toMatchObject([{ host: 'gate', kind: 'question' }]);
    expect(jump.count.answers).toEqual(['123']);
  });

  it('for the passphrase of a key', async () => {
    const sshd = await stand.sshd();
    const locked = await stand.key('locked', { passphrase: 'open sesame' });
    await writeFile(`${sshd.folder}/authorized_keys`, `${locked.publicKey}\n`);
    const hostKey = await sshd.hostKey('ed25519');
    await stand.host('box', { port: sshd.port, hostKey, keys: [locked.path] });
    const person = typing('open sesame');
    expect(await output(transportTo('box', person))).toBe('reached');
    expect(person.asked).toMatchObject([{ kind: 'passphrase' }]);
    expect(person.asked[0]?.fields[0]?.label).toContain(locked.path);
  });

  it('nobody, is told so without a refused login', async () => {
    const server = await stand.twoFactor({ ways: [['password']], password: 'x' });
    await stand.host('box', server);
    expect((await errorOf(transportTo('box'))).code).toBe('needs-login');
    expect(server.count.passwords).toEqual([]);
  });

  it('is given up by the person, and nothing of it stays', async () => {
    const server = await stand.twoFactor({ ways: [['password']], password: 'x' });
    await stand.host('box', server);
    const person = new ScriptedPerson(() => null);
    expect((await errorOf(transportTo('box', person))).code).toBe('login-canceled');
    expect(server.count.passwords).toEqual([]);
    expect(person.running).toBe(0);
  });

  it('is given up where the host falls silent', async () => {
    const server = await stand.twoFactor({ ways: [['password']], silentOn: 'none' });
    await stand.host('box', server);
    const destination = {
      target: 'test',
      host: 'box',
      sshConfig: stand.configPath,
      env: process.env
    };
    const settings = await readOpensshSettings(destination);
    const folder = await makeOpensshFolder('test', 'box', process.env);
    const login = new OpensshLogin({
      args: ['-v', '-M', '-N', '-S', folder.socket, '-F', stand.configPath, 'box'],
      ...{ folder, destination, settings },
      inOriginal: text => text,
      attempt: typing().begin(),
      signal: new AbortController().signal,
      silenceMs: 300
    });
    await expect(login.link()).rejects.toMatchObject({
      code: 'host-unreachable',
      details: { problem: 'it did not finish the login in time' }
    });
    expect(existsSync(folder.path)).toBe(false);
  });

  it('is ended from here while it asks', async () => {
    const server = await stand.twoFactor({ ways: [['password']], password: 'x' });
    await stand.host('box', server);
    const person = new ScriptedPerson(() => new Promise<null>(() => undefined));
    const transport = transportTo('box', person);
    const failed = errorOf(transport);
    await waitUntil('it asks', async () => transport.connection.state === 'asking');
    await transport.close();
    expect((await failed).code).toBe('connection-lost');
    expect(person.running).toBe(0);
  });
});

describe('certificates', () => {
  const sign = async (authority: string, publicKey: string, options: string[]): Promise<void> => {
    await run('ssh-keygen', ['-q', '-s', authority, '-I', 'a test', ...options, publicKey]);
  };

  it('let in, and vouch for the host', async () => {
    const [userCa, hostCa] = [await stand.key('user-ca'), await stand.key('host-ca')];
    const host = await stand.key('host', { type: 'ecdsa' });
    await sign(hostCa.path, `${host.path}.pub`, ['-h', '-n', '127.0.0.1']);
    const sshd = await stand.sshd({
      lines: [
        `TrustedUserCAKeys ${userCa.path}.pub`,
        `HostKey ${host.path}`,
        `HostCertificate ${host.path}-cert.pub`
      ]
    });
    await writeFile(`${sshd.folder}/authorized_keys`, '');
    const client = await stand.key('client');
    const box = { port: sshd.port, hostKey: host.publicKey, keys: [client.path] };
    await stand.host('box', box, [`@cert-authority * ${hostCa.publicKey}`]);

    let nowMs = 0;
    const transport = transportTo('box', undefined, () => nowMs);
    expect(await errorOf(transport)).toMatchObject({
      code: 'authentication-refused',
      details: { methods: 'publickey' }
    });
    await sign(userCa.path, `${client.path}.pub`, ['-n', user]);
    nowMs = 15_000;
    expect(await output(transport)).toBe('reached');
  });
});
