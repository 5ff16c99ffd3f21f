import { execFileSync } from 'node:child_process';
import { appendFile, chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SluiceError } from '../../../shared/errors';
import { freePort, type LoopbackSshd, startSshd } from '../../../testing/loopback-sshd';
import type { ChannelSources, SshWay } from '../channel-source-options';
import { type ILoginPrompter, nobody } from '../login/login-prompter';
import { OpensshChannelSource } from '../openssh/openssh-channel-source';
import { SharedSources } from '../shared-sources';
import { createSshTransport } from '../ssh-transport';
import { Ssh2ChannelSource } from '../ssh2/ssh2-channel-source';
import type { ITransport } from '../transport';

const SSH: ChannelSources = {
  ssh2: options => new Ssh2ChannelSource(options),
  openssh: options => new OpensshChannelSource(options)
};

jest.setTimeout(30_000);

const how = { action: 'test', timeoutMs: 20_000 };
const source = 'echo "$SSH_CONNECTION"';

let sshd: LoopbackSshd;
let folder: string;
let sources: SharedSources;
const open: ITransport[] = [];

beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'choosing-'));
  sources = new SharedSources(SSH);
  await writeFile(configPath(), await readFile(sshd.configPath));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map(transport => transport.close()));
  await rm(folder, { recursive: true });
});

const configPath = (): string => join(folder, 'config');

type Change = {
  host?: string;
  wanted?: SshWay;
  env?: NodeJS.ProcessEnv;
  prompter?: ILoginPrompter;
  nowMs?: () => number;
};

function transportTo({ host = 'loopback', wanted, ...change }: Change = {}): ITransport {
  const transport = createSshTransport({
    target: host,
    host,
    sshConfig: configPath(),
    ...change,
    wanted: () => Promise.resolve(wanted ?? null),
    sources
  });
  open.push(transport);
  return transport;
}

/** An environment whose `ssh` counts how often it is asked. */
async function countedSsh(): Promise<{ env: NodeJS.ProcessEnv; asked: () => Promise<number> }> {
  const log = join(folder, 'asked');
  const real = execFileSync('which', ['ssh']).toString().trim();
  await writeFile(join(folder, 'ssh'), `#!/bin/sh\necho "$1" >> ${log}\nexec ${real} "$@"\n`);
  await chmod(join(folder, 'ssh'), 0o755);
  const asked = async (): Promise<number> =>
    (await readFile(log, 'utf8')).trim().split('\n').length;
  return { env: { PATH: `${folder}:${process.env.PATH}` }, asked };
}

const connectionOf = async (transport: ITransport): Promise<string> =>
  (await transport.run(source, how)).stdout.toString();

describe('a transport that chooses its way', () => {
  it('goes by ssh2 where nothing needs more, and by OpenSSH where the target says so', async () => {
    const builtIn = transportTo();
    await connectionOf(builtIn);
    expect(builtIn.connection).toMatchObject({ state: 'connected', via: 'ssh2', words: null });
    const system = transportTo({ wanted: 'openssh' });
    await connectionOf(system);
    expect(system.connection).toMatchObject({ state: 'connected', via: 'openssh' });
    expect(system.connection.words).toContain('transport = "openssh"');
  });

  it('looks anew at each connect, and goes another way when the host needs it', async () => {
    const transport = transportTo();
    const states: string[] = [];
    transport.onConnection(() => states.push(transport.connection.via));
    await connectionOf(transport);
    await transport.close();
    const relay = join(folder, 'relay.cjs');
    await writeFile(relay, RELAY);
    const proxy = `ProxyCommand ${process.execPath} ${relay} %p`;
    await writeFile(configPath(), `${proxy}\n${await readFile(sshd.configPath, 'utf8')}`);
    await connectionOf(transport);
    expect(transport.connection).toMatchObject({
      via: 'openssh',
      words: 'loopback has ProxyCommand'
    });
    expect(states[0]).toBe('ssh2');
    expect(states.at(-1)).toBe('openssh');
  });

  it('asks ssh at a connect, not at a call', async () => {
    const { env, asked } = await countedSsh();
    const transport = transportTo({ env });
    await Promise.all([1, 2, 3].map(() => connectionOf(transport)));
    await connectionOf(transport);
    expect(await asked()).toBe(1);
  });

  it('does not ask ssh while nothing is tried', async () => {
    const { env, asked } = await countedSsh();
    await writeFile(
      configPath(),
      `Host loopback\n  Port ${await freePort()}\n  HostName 127.0.0.1\n`
    );
    let nowMs = 0;
    const transport = transportTo({ env, nowMs: () => nowMs });
    const codes: unknown[] = [];
    for (const afterMs of [0, 0, 3_600_000]) {
      nowMs += afterMs;
      const error: unknown = await connectionOf(transport).catch((reason: unknown) => reason);
      codes.push((error as SluiceError).code);
    }
    expect(codes).toEqual(['host-unreachable', 'host-unreachable', 'host-unreachable']);
    expect(await asked()).toBe(2);
  });

  it('has a configuration that cannot be used told by each call, and comes back', async () => {
    const transport = transportTo();
    await appendFile(configPath(), 'Nonsense yes\n');
    await expect(connectionOf(transport)).rejects.toMatchObject({ code: 'config-invalid' });
    await writeFile(configPath(), await readFile(sshd.configPath));
    expect(await connectionOf(transport)).toContain('127.0.0.1');
  });
});

describe('names that lead to the same account', () => {
  const addAlias = async (lines: string[] = []): Promise<void> => {
    const [, ...own] = (await readFile(sshd.configPath, 'utf8')).split('\n');
    await appendFile(configPath(), ['Host other', ...lines, ...own].join('\n'));
  };

  it('share one connection', async () => {
    await addAlias();
    const [one, other] = [transportTo(), transportTo({ host: 'other' })];
    expect(await connectionOf(other)).toBe(await connectionOf(one));
  });

  it('do not where one of them logs in with other keys', async () => {
    await addAlias(['IdentitiesOnly yes']);
    const [one, other] = [transportTo(), transportTo({ host: 'other' })];
    expect(await connectionOf(other)).not.toBe(await connectionOf(one));
  });

  it('ask whoever may be asked', () => {
    const begun: string[] = [];
    const prompter = (name: string, mayAsk: boolean): ILoginPrompter => ({
      mayAsk,
      begin: () => {
        begun.push(name);
        return nobody.begin();
      }
    });
    let shared: ILoginPrompter = nobody;
    const make: ChannelSources['ssh2'] = options => {
      shared = options.prompter ?? nobody;
      return new Ssh2ChannelSource(options);
    };
    const pool = new SharedSources({ ssh2: make, openssh: make });
    const resolve = (): never => {
      throw new Error('not asked for');
    };
    const options = { target: 't', host: 'h' };
    const first = pool.take('key', 'ssh2', options, { prompter: prompter('one', false), resolve });
    expect(shared.mayAsk).toBe(false);
    const next = pool.take('key', 'ssh2', options, { prompter: prompter('two', true), resolve });
    expect(next.source).toBe(first.source);
    expect(shared.mayAsk).toBe(true);
    shared.begin();
    expect(begun).toEqual(['two']);
  });

  it('keep it until the last one has left', async () => {
    const closed: string[] = [];
    const make: ChannelSources['ssh2'] = options => {
      const made = new Ssh2ChannelSource(options);
      const close = made.close.bind(made);
      made.close = async () => {
        closed.push(options.host);
        await close();
      };
      return made;
    };
    const pool = new SharedSources({ ssh2: make, openssh: make });
    const take = (host: string) =>
      pool.take('key', 'ssh2', { target: 't', host }, { prompter: nobody, resolve: jest.fn() });
    const [one, two] = [take('one'), take('two')];
    await one.release();
    expect(closed).toEqual([]);
    await two.release();
    expect(closed).toEqual(['one']);
    expect(take('three').source).not.toBe(one.source);
  });
});

const RELAY = `
const socket = require('node:net').connect(Number(process.argv[2]), '127.0.0.1');
process.stdin.pipe(socket).pipe(process.stdout);
socket.on('close', () => process.exit());
`;
