import { SluiceError } from '../../../../shared/errors';
import { LoginStand } from '../../../../testing/login-stand';
import { ScriptedPerson } from '../../../../testing/scripted-person';
import { stallingProxy, type StallingProxy } from '../../../../testing/stalling-proxy';
import type { TwoFactorOptions, TwoFactorServer } from '../../../../testing/two-factor-server';
import { VirtualClock } from '../../../../testing/virtual-clock';
import { waitUntil } from '../../../../testing/wait-until';
import { createSsh2Transport } from '../ssh2-transport';
import type { ITransport } from '../../transport';

const isFull = process.env['SLUICE_TEST_ALL'] === '1';
/** Cuts in each direction, spread over all bytes of a login and a first command. */
const CUTS = isFull ? 150 : 12;

jest.setTimeout(isFull ? 300_000 : 60_000);

let stand: LoginStand;
beforeEach(async () => {
  stand = await LoginStand.create();
});
afterEach(async () => {
  await stand.end();
});

const CODE = { prompts: [{ prompt: 'Code: ', echo: false }], answers: ['123456'] };

/** A host that wants a key and a code, behind a proxy. */
async function guardedHost(
  options: Partial<TwoFactorOptions> = {}
): Promise<{ server: TwoFactorServer; proxy: StallingProxy }> {
  const { path, publicKey } = await stand.key('id');
  const ways = [['publickey', 'keyboard-interactive']] as const;
  const server = await stand.twoFactor({ ways, keys: [publicKey], rounds: [CODE], ...options });
  const proxy = await stallingProxy(server.port);
  stand.onEnd(() => proxy.close());
  await stand.host('login1', { port: proxy.port, hostKey: server.hostKey, keys: [path] });
  return { server, proxy };
}

function transportFor(person: ScriptedPerson, clock: VirtualClock): ITransport {
  const transport = createSsh2Transport({
    target: 'cluster',
    host: 'login1',
    sshConfig: stand.configPath,
    prompter: person,
    nowMs: clock.nowMs,
    after: clock.after
  });
  stand.onEnd(() => transport.close());
  return transport;
}

/** The error's code; `in` when the command ran. */
async function endOf(transport: ITransport): Promise<string> {
  try {
    await transport.run('echo reached', { action: 'test', timeoutMs: 20_000 });
    return 'in';
  } catch (error) {
    if (error instanceof SluiceError) {
      return error.code;
    }
    throw error;
  }
}

describe('a login that is cut', () => {
  it.each(['toHost', 'fromHost'] as const)(
    'after any number of bytes %s ends with a named error, one question and one code',
    async way => {
      const { server, proxy } = await guardedHost();
      const whole = new ScriptedPerson(() => ['123456']);
      const first = transportFor(whole, new VirtualClock());
      expect(await endOf(first)).toBe('in');
      await first.close();
      const bytes = proxy.count[way];
      const ends = new Set<string>();
      for (let cut = 1; cut <= CUTS; cut += 1) {
        const before = { connections: proxy.connections, answers: server.count.answers.length };
        proxy.cutAfter({ [way]: Math.floor((bytes * cut) / (CUTS + 1)) });
        const person = new ScriptedPerson(() => ['123456']);
        const transport = transportFor(person, new VirtualClock());
        ends.add(await endOf(transport));
        // Nobody says so, and no time goes by: nothing is tried again.
        for (let call = 0; call < 3; call += 1) {
          expect(await endOf(transport)).toMatch(/^(needs-login|host-unreachable)$/);
        }
        expect(person.asked.length).toBeLessThanOrEqual(1);
        expect(server.count.answers.length - before.answers).toBeLessThanOrEqual(1);
        expect(proxy.connections - before.connections).toBe(1);
        expect(person.running).toBe(0);
      }
      // The very last bytes come after the output.
      const allowed = ['host-unreachable', 'needs-login', 'connection-lost', 'in'];
      expect([...ends].filter(end => !allowed.includes(end))).toEqual([]);
      expect(ends).toContain('host-unreachable');
    }
  );
});

describe('a login on which the host falls silent', () => {
  it.each([
    ['none', 20_000, 'said nothing for 20 s'],
    ['publickey', 20_000, 'said nothing for 20 s'],
    ['keyboard-interactive', 180_000, 'said nothing for 180 s']
  ] as const)('at %s ends after its time, with words', async (silentOn, limitMs, words) => {
    const { server } = await guardedHost({ silentOn });
    const clock = new VirtualClock();
    const person = new ScriptedPerson(() => ['123456']);
    const transport = transportFor(person, clock);
    const ended = transport.connect().then(
      () => new Error('it succeeded'),
      (error: unknown) => error as Error
    );
    await waitUntil('the host falls silent', async () => server.count.unanswered > 0);
    clock.advance(limitMs - 1);
    expect(transport.connection.state).toBe('connecting');
    clock.advance(1);
    expect(await ended).toMatchObject({ code: 'host-unreachable' });
    expect((await ended).message).toContain(words);
    expect(person.running).toBe(0);
  });

  it('in the middle of the key exchange ends after its time', async () => {
    const { proxy } = await guardedHost();
    const clock = new VirtualClock();
    const transport = transportFor(new ScriptedPerson(() => null), clock);
    proxy.stall();
    const ended = transport.connect().catch((error: unknown) => error);
    await waitUntil('the connection is there', async () => proxy.connections > 0);
    clock.advance(20_000);
    expect(await ended).toMatchObject({ code: 'host-unreachable' });
  });

  it('while a person types closes the question, with words', async () => {
    const { server } = await guardedHost();
    const asked: string[] = [];
    const person = new ScriptedPerson(({ kind }) => {
      asked.push(kind);
      server.cut();
      return new Promise(() => undefined);
    });
    const transport = transportFor(person, new VirtualClock());
    await expect(transport.connect()).rejects.toThrow('while it waited for an answer');
    expect(asked).toEqual(['question']);
    expect(person.running).toBe(0);
    expect(transport.connection.state).toBe('needs-login');
  });

  it('when the service closes the connection, the question closes too', async () => {
    await guardedHost();
    let transport: ITransport | null = null;
    const person = new ScriptedPerson(() => {
      void transport?.close();
      return new Promise(() => undefined);
    });
    transport = transportFor(person, new VirtualClock());
    await expect(transport.connect()).rejects.toMatchObject({ code: 'connection-lost' });
    expect(person.running).toBe(0);
  });
});

describe('a host that locks', () => {
  it('after a wrong code is not tried again, and no other code is asked for', async () => {
    const { server } = await guardedHost({ lockAfter: 1 });
    const person = new ScriptedPerson(() => ['000000'], { logins: 1 });
    const transport = transportFor(person, new VirtualClock());
    const ends = [await endOf(transport), await endOf(transport)];
    expect(ends).toEqual(['host-unreachable', 'needs-login']);
    expect(server.count).toMatchObject({ connections: 1, answers: ['000000'] });
  });
});
