import { writeFile } from 'node:fs/promises';
import type { SluiceError } from '../../../../shared/errors';
import { LoginStand } from '../../../../testing/login-stand';
import { type Answerer, ScriptedPerson } from '../../../../testing/scripted-person';
import { stallingProxy } from '../../../../testing/stalling-proxy';
import type { TwoFactorOptions, TwoFactorServer } from '../../../../testing/two-factor-server';
import { VirtualClock } from '../../../../testing/virtual-clock';
import { deferred } from '../../deferred';
import type { ILoginPrompter } from '../../login/login-prompter';
import { createSsh2Transport } from '../ssh2-transport';
import type { ITransport } from '../../transport';

jest.setTimeout(30_000);

let stand: LoginStand;
beforeEach(async () => {
  stand = await LoginStand.create();
});
afterEach(async () => {
  await stand.end();
});

const how = { action: 'test', timeoutMs: 20_000 };

const CODE = { prompt: 'Verification code: ', echo: false };

async function transportTo(
  alias: string,
  prompter: ILoginPrompter,
  options: Partial<Parameters<typeof createSsh2Transport>[0]> = {}
): Promise<ITransport> {
  const transport = createSsh2Transport({
    target: 'cluster',
    host: alias,
    sshConfig: stand.configPath,
    prompter,
    ...options
  });
  stand.onEnd(() => transport.close());
  return transport;
}

async function hostWith(options: TwoFactorOptions): Promise<TwoFactorServer> {
  const server = await stand.twoFactor(options);
  await stand.host('login1', server);
  return server;
}

const run = async (transport: ITransport): Promise<string> =>
  (await transport.run('echo reached', how)).stdout.toString().trim();

const errorOf = async (transport: ITransport): Promise<SluiceError> =>
  run(transport).then(
    () => {
      throw new Error('the host was reached');
    },
    (error: unknown) => error as SluiceError
  );

describe('what a person types', () => {
  it('is asked for in the server’s own words, with nothing in them that acts', async () => {
    const server = await hostWith({
      ways: [['keyboard-interactive']],
      banner: 'Welcome\u001b]0;owned\u0007 to \u202eevil\u202c\r\n',
      rounds: [
        {
          name: 'Duo two-factor \u001b[31mlogin',
          instructions: 'Open the app',
          prompts: [
            { prompt: 'Choose\n 1. Push\n 2. Call\nOption (1-2): ', echo: true },
            { prompt: '\u0007Code: ', echo: false }
          ],
          answers: ['1', '123456']
        }
      ]
    });
    const person = new ScriptedPerson(() => ['1', '123456']);
    expect(await run(await transportTo('login1', person))).toBe('reached');
    expect(person.asked).toEqual([
      {
        host: 'login1',
        kind: 'question',
        text: 'Welcome to evil\nDuo two-factor login\nOpen the app\nChoose\n 1. Push\n 2. Call',
        fields: [
          { label: 'Option (1-2):', secret: false },
          { label: 'Code:', secret: true }
        ]
      }
    ]);
    expect(server.count.answers).toEqual(['1', '123456']);
    expect(person.running).toBe(0);
  });

  it('is sent once: not on a lost connection, nor on a call after it', async () => {
    const server = await hostWith({
      ways: [['keyboard-interactive']],
      rounds: [{ prompts: [CODE] }]
    });
    const person = new ScriptedPerson(() => ['123456']);
    const transport = await transportTo('login1', person);
    expect(await run(transport)).toBe('reached');
    server.cut();
    const error = await errorOf(transport);
    expect(error).toMatchObject({ code: 'needs-login', details: { target: 'cluster' } });
    const calls = Array.from({ length: 20 }, () => errorOf(transport));
    expect(new Set((await Promise.all(calls)).map(({ code }) => code))).toEqual(
      new Set(['needs-login'])
    );
    expect(server.count).toMatchObject({ connections: 1, answers: ['123456'] });
    expect(person.asked).toHaveLength(1);
    expect(transport.connection.state).toBe('needs-login');
    person.logins = 1;
    expect(await run(transport)).toBe('reached');
    expect(server.count).toMatchObject({ connections: 2, logins: 2 });
  });

  it('is not needed anew by those who run or wait when the connection breaks: each fails once', async () => {
    const server = await hostWith({ ways: [['password']], password: 'secret' });
    const person = new ScriptedPerson(() => ['secret']);
    const transport = await transportTo('login1', person, { maxSessions: 2 });
    const streams = [1, 2].map(() => transport.stream('echo on; cat', how));
    await Promise.all(streams);
    const waiting = Array.from({ length: 10 }, () => errorOf(transport));
    server.cut();
    for (const stream of streams) {
      expect(await (await stream).closed).toBeNull();
    }
    const codes = new Set((await Promise.all(waiting)).map(({ code }) => code));
    expect([...codes].filter(code => !['needs-login', 'connection-lost'].includes(code))).toEqual(
      []
    );
    expect(server.count).toMatchObject({ connections: 1, passwords: ['secret'] });
    expect(person.asked).toHaveLength(1);
  });

  it('is not thrown away for a session that the host refuses', async () => {
    const server = await hostWith({ ways: [['password']], password: 'secret', maxSessions: 0 });
    const person = new ScriptedPerson(() => ['secret']);
    const transport = await transportTo('login1', person);
    expect((await errorOf(transport)).code).toBe('connection-lost');
    expect(transport.connection.state).toBe('connected');
    expect(server.count.connections).toBe(1);
  });

  it('is never a new password: that is said', async () => {
    await hostWith({ ways: [['password']], password: 'secret', wantsNewPassword: true });
    const transport = await transportTo('login1', new ScriptedPerson(() => ['secret']));
    const error = await errorOf(transport);
    expect(error.code).toBe('authentication-refused');
    expect(error.message).toContain('it wants a new password to be set');
  });

  it('is not asked for twice in one login, although another way is left', async () => {
    const server = await hostWith({
      ways: [['keyboard-interactive'], ['password']],
      password: 'secret',
      rounds: [{ prompts: [CODE], answers: ['right'] }]
    });
    const person = new ScriptedPerson(() => ['wrong']);
    const transport = await transportTo('login1', person);
    const error = await errorOf(transport);
    expect(error.code).toBe('authentication-refused');
    expect(error.message).toContain('did not accept what was typed');
    expect(error.message).not.toContain('key');
    expect(error.message).not.toContain('wrong');
    expect(server.count).toMatchObject({ answers: ['wrong'], passwords: [] });
    expect((await errorOf(transport)).code).toBe('needs-login');
    expect(server.count.connections).toBe(1);
  });

  it.each([
    ['', 'question'],
    ['PreferredAuthentications password,keyboard-interactive', 'password'],
    ['KbdInteractiveAuthentication no', 'password'],
    ['PasswordAuthentication no', 'question']
  ])('is what the configuration prefers: “%s”', async (line, kind) => {
    const server = await stand.twoFactor({
      ways: [['password'], ['keyboard-interactive']],
      password: 'secret',
      rounds: [{ prompts: [CODE], answers: ['secret'] }]
    });
    await stand.host('login1', { ...server, lines: line === '' ? [] : [line] });
    const person = new ScriptedPerson(() => ['secret']);
    expect(await run(await transportTo('login1', person))).toBe('reached');
    expect(person.asked.map(question => question.kind)).toEqual([kind]);
  });

  it.each([
    ['in one round', [{ prompts: Array.from({ length: 11 }, () => CODE) }], 0],
    ['on and on', Array.from({ length: 11 }, () => ({ prompts: [CODE] })), 10]
  ])('has an end where a host asks %s', async (_, rounds, asked) => {
    await hostWith({ ways: [['keyboard-interactive']], rounds });
    const person = new ScriptedPerson(({ fields }) => fields.map(() => 'x'));
    const error = await errorOf(await transportTo('login1', person));
    expect(error.code).toBe('authentication-refused');
    expect(error.message).toContain('it asks too much');
    expect(person.asked).toHaveLength(asked);
  });

  it('may be given up, and then nothing is tried', async () => {
    const server = await hostWith({ ways: [['password']], password: 'secret' });
    const person = new ScriptedPerson(() => null);
    const transport = await transportTo('login1', person);
    expect((await errorOf(transport)).code).toBe('login-canceled');
    expect((await errorOf(transport)).code).toBe('needs-login');
    expect(server.count).toMatchObject({ connections: 1, passwords: [] });
  });

  it('may take its time: the limit of a login is the host’s', async () => {
    await hostWith({ ways: [['password']], password: 'secret' });
    const clock = new VirtualClock();
    const answer = deferred<string[]>();
    const asked = deferred<null>();
    const person = new ScriptedPerson(() => {
      asked.resolve(null);
      return answer.promise;
    });
    const running = run(await transportTo('login1', person, { after: clock.after }));
    await asked.promise;
    clock.advance(24 * 3_600_000);
    answer.resolve(['secret']);
    expect(await running).toBe('reached');
  });
});

describe('a host that thinks', () => {
  const push = async (
    thinkMs: number
  ): Promise<{ running: Promise<string>; server: TwoFactorServer; approve(): void }> => {
    const approved = deferred<null>();
    const thinking = deferred<null>();
    const server = await hostWith({
      ways: [['keyboard-interactive']],
      rounds: [
        {
          prompts: [CODE],
          wait: () => {
            thinking.resolve(null);
            return approved.promise.then(() => undefined);
          }
        },
        { instructions: 'Success. Logging you in…', prompts: [] }
      ]
    });
    const clock = new VirtualClock();
    const person = new ScriptedPerson(() => ['1']);
    const running = run(await transportTo('login1', person, { after: clock.after }));
    running.catch(() => undefined);
    await thinking.promise;
    clock.advance(thinkMs);
    return { running, server, approve: () => approved.resolve(null) };
  };

  it('is waited for as long as a push to a phone takes', async () => {
    const { running, server, approve } = await push(120_000);
    approve();
    expect(await running).toBe('reached');
    expect(server.count.answers).toEqual(['1']);
  });

  it('is not waited for for ever', async () => {
    const { running } = await push(180_000);
    await expect(running).rejects.toMatchObject({ code: 'host-unreachable' });
    await expect(running).rejects.toThrow('it said nothing for 180 s');
  });
});

const answers =
  (byHost: Record<string, readonly string[]>): Answerer =>
  ({ host }) =>
    byHost[host] ?? null;

describe('each host on the way', () => {
  it('asks for itself, by its name, and gets its own answer', async () => {
    const code = (right: string): TwoFactorOptions => ({
      ways: [['keyboard-interactive']],
      rounds: [{ prompts: [CODE], answers: [right] }]
    });
    const far = await stand.twoFactor(code('222'));
    const jump = await stand.twoFactor(code('111'));
    await stand.host('jump', jump);
    await stand.host('far', { ...far, jump: 'jump' });
    const person = new ScriptedPerson(answers({ jump: ['111'], far: ['222'] }));
    expect(await run(await transportTo('far', person))).toBe('reached');
    expect(person.asked.map(({ host }) => host)).toEqual(['jump', 'far']);
    expect([jump.count.answers, far.count.answers]).toEqual([['111'], ['222']]);
    expect(person.begun).toBe(1);
  });
});

describe('a host that hangs up while a person looks at its question', () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  beforeEach(() => {
    unhandled.length = 0;
    process.on('unhandledRejection', note);
  });
  afterEach(() => process.off('unhandledRejection', note));

  async function hungUp(isKnown: boolean): Promise<{ error: SluiceError; kinds: string[] }> {
    const server = await stand.twoFactor({ ways: [['password']], password: 'secret' });
    const proxy = await stallingProxy(server.port);
    stand.onEnd(() => proxy.close());
    await stand.host('login1', { ...server, port: proxy.port });
    if (!isKnown) {
      await writeFile(stand.knownHostsPath, '');
    }
    const person = new ScriptedPerson(() => {
      proxy.cut();
      return deferred<string[]>().promise;
    });
    const error = await errorOf(await transportTo('login1', person));
    // What is thrown where nobody listens is told after all callbacks.
    await new Promise(resolve => setImmediate(resolve));
    return { error, kinds: person.asked.map(({ kind }) => kind) };
  }

  it.each([
    ['host-key', false],
    ['password', true]
  ])('needs a login, and nothing else breaks: %s', async (kind, isKnown) => {
    const { error, kinds } = await hungUp(isKnown);
    expect(kinds).toEqual([kind]);
    expect(error).toMatchObject({
      code: 'needs-login',
      details: { problem: 'it ended the login while it waited for an answer' }
    });
    expect(unhandled).toEqual([]);
  });
});
