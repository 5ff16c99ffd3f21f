import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SluiceError } from '../../../../shared/errors';
import {
  freePort,
  type LoopbackSshd,
  type SshdOptions,
  startSshd
} from '../../../../testing/loopback-sshd';
import { stallingProxy } from '../../../../testing/stalling-proxy';
import { isAlive, waitUntil } from '../../../../testing/wait-until';
import { BOUND_SCRIPT } from '../openssh-askpass-script';
import { openClient } from '../openssh-channel';
import { isMasterAlive } from '../openssh-link';
import { createOpensshTransport } from '../openssh-transport';
import { createSsh2Transport } from '../../ssh2/ssh2-transport';
import type { ITransport } from '../../transport';

const how = { action: 'test', timeoutMs: 20_000 };

jest.setTimeout(60_000);

/** What a test started, in the order in which it is to be ended. */
let ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends) {
    await end();
  }
  ends = [];
});

async function sshdWith(options: SshdOptions = {}): Promise<LoopbackSshd> {
  const sshd = await startSshd(options);
  ends.push(() => sshd.stop());
  return sshd;
}

async function folderOf(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'openssh-'));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function transportTo(
  sshConfig: string,
  options: { host?: string; env?: NodeJS.ProcessEnv; nowMs?: () => number } = {}
): ITransport {
  const transport = createOpensshTransport({
    target: 'test',
    host: 'loopback',
    sshConfig,
    ...options
  });
  ends.unshift(() => transport.close());
  return transport;
}

const errorOf = (transport: ITransport): Promise<SluiceError> =>
  transport.run('echo reached', how).then(
    () => {
      throw new Error('the host was reached');
    },
    (error: unknown) => error as SluiceError
  );

const output = async (transport: ITransport, script = 'echo reached'): Promise<string> =>
  (await transport.run(script, how)).stdout.toString().trim();

describe('the way', () => {
  it('is refused where nothing listens, or where no such name is', async () => {
    const port = await freePort();
    const refused = await errorOf(transportTo('/dev/null', { host: `127.0.0.1:${port}` }));
    expect(refused).toMatchObject({ code: 'host-unreachable', details: { target: 'test' } });
    expect(refused.message).toContain('nothing answers on that port');
    const unknown = await errorOf(transportTo('/dev/null', { host: 'no-such-host.invalid' }));
    expect(unknown.code).toBe('host-unreachable');
    expect(unknown.message).toMatch(/name/);
  });

  it.each([
    ['says nothing', () => undefined, 'did not finish the login in time'],
    ['hangs up', (socket: Socket) => socket.end(), 'closed the connection during the login'],
    [
      'resets',
      (socket: Socket) => socket.resetAndDestroy(),
      'closed the connection during the login'
    ],
    [
      'speaks another language',
      (socket: Socket) => socket.end('HTTP/1.1 400 Bad\r\n\r\n'),
      'closed the connection during the login'
    ]
  ])('is unreachable when the host %s', async (_, answer, words) => {
    const { port, close } = await listen(answer);
    ends.push(close);
    const config = join(await folderOf(), 'config');
    await writeFile(config, 'ConnectTimeout 1\n');
    const error = await errorOf(transportTo(config, { host: `127.0.0.1:${port}` }));
    expect(error.code).toBe('host-unreachable');
    expect(error.message).toContain(words);
  });

  it('goes through a ProxyCommand, whose own fault is named', async () => {
    const lines = (command: string): string[] => [`ProxyCommand ${command}`];
    const relay = join(await folderOf(), 'relay.js');
    await writeFile(
      relay,
      `const [, , host, port] = process.argv;
       const socket = require('net').connect(Number(port), host);
       process.stdin.pipe(socket).pipe(process.stdout);`
    );
    const sshd = await sshdWith({ clientLines: lines(`${process.execPath} ${relay} %h %p`) });
    expect(await output(transportTo(sshd.configPath))).toBe('reached');
    const broken = await sshdWith({ clientLines: lines('no-such-command %h') });
    const error = await errorOf(transportTo(broken.configPath));
    expect(error.code).toBe('host-unreachable');
    expect(error.message).toContain('ProxyCommand');
    expect(error.message).toContain('no-such-command');
  });

  it('is closed where a jump host lets nothing through', async () => {
    const jump = await sshdWith({ lines: ['DisableForwarding yes'] });
    const sshd = await sshdWith({
      clientLines: [`ProxyCommand ssh -F ${jump.configPath} -W %h:%p loopback`]
    });
    const error = await errorOf(transportTo(sshd.configPath));
    expect(error.code).toBe('host-unreachable');
    expect(error.message).toContain('does not let connections to it through');
  });

  it('is as strict and as quiet as ever, whatever the configuration says', async () => {
    const canary = join(await folderOf(), 'canary');
    const port = await freePort();
    const sshd = await sshdWith({
      clientLines: [
        ...['LogLevel QUIET', 'BatchMode no', 'RequestTTY force', 'RemoteCommand exit 9'],
        ...['PermitLocalCommand yes', `LocalCommand touch ${canary}`, 'ForwardAgent yes'],
        ...['ForkAfterAuthentication yes', 'SessionType none', 'StdinNull no'],
        ...['ControlMaster yes', `ControlPath ${canary}`, 'ControlPersist yes'],
        ...[`LocalForward ${port} 127.0.0.1:22`, 'ExitOnForwardFailure yes', 'VisualHostKey yes']
      ]
    });
    const transport = transportTo(sshd.configPath);
    const agent = await output(transport, 'echo "${SSH_AUTH_SOCK:-none} $(tty)"');
    expect(agent).toBe('none not a tty');
    const local = connect(port, '127.0.0.1');
    await expect(once(local, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(existsSync(canary)).toBe(false);
    await transport.close();
    expect(transport.connection.state).toBe('idle');
  });

  it('is not begun over a configuration that OpenSSH cannot read', async () => {
    const config = join(await folderOf(), 'config');
    await writeFile(config, 'Host x\nBogus yes\n');
    const error = await errorOf(transportTo(config));
    expect(error).toMatchObject({ code: 'config-invalid', details: { path: config } });
    expect(error.message).toContain('line 2: Bad configuration option: bogus');
  });

  it('needs OpenSSH', async () => {
    const sshd = await sshdWith();
    const env = { ...process.env, PATH: await folderOf() };
    expect((await errorOf(transportTo(sshd.configPath, { env }))).code).toBe('openssh-missing');
  });
});

describe('a login with keys', () => {
  it('is refused with what the host would take, and not repeated before its time', async () => {
    const sshd = await sshdWith();
    let nowMs = 0;
    const transport = transportTo(sshd.configPath, { nowMs: () => nowMs });
    const keys = join(sshd.folder, 'authorized_keys');
    await writeFile(keys, '');
    const first = await errorOf(transport);
    expect(first).toMatchObject({
      code: 'authentication-refused',
      details: { host: 'loopback', methods: 'publickey' }
    });
    nowMs = 14_999;
    expect(await errorOf(transport)).toBe(first);
  });
});

describe('a connection that is cut', () => {
  // The shell's parent is the sshd that serves this one connection.
  const cutFromInside = 'kill -9 "$PPID"; sleep 1000';

  it('fails what runs, ends a stream with no status, and is opened again by the next call', async () => {
    const sshd = await sshdWith();
    const transport = transportTo(sshd.configPath);
    const stream = await transport.stream('echo begun; cat', how);
    const lines = createInterface({ input: stream.output })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('begun');
    const error = await transport.run(cutFromInside, how).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'connection-lost', details: { host: 'loopback' } });
    expect(await stream.closed).toBeNull();
    expect(await output(transport)).toBe('reached');
  });

  it('is used by the next call even when its end was not noticed yet', async () => {
    const sshd = await sshdWith();
    const transport = transportTo(sshd.configPath);
    const pid = Number(await output(transport, 'echo "$PPID"'));
    process.kill(pid, 'SIGKILL');
    expect(await output(transport)).toBe('reached');
  });

  it('is noticed when nothing comes through any more', async () => {
    const sshd = await sshdWith({ clientLines: ['ServerAliveInterval 1'] });
    const proxy = await stallingProxy(sshd.port);
    ends.push(proxy.close);
    const port = `[127.0.0.1]:${proxy.port}`;
    await sshd.writeKnownHosts([`${port} ${await sshd.hostKey('ed25519')}`]);
    const transport = transportTo(sshd.configPath, { host: `loopback:${proxy.port}` });
    await output(transport);
    const stream = await transport.stream('cat', how);
    proxy.stall();
    expect(await stream.closed).toBeNull();
    proxy.flow();
    expect(await output(transport)).toBe('reached');
  });
});

describe('a host that gives no shell', () => {
  it('is told by its own words', async () => {
    const sshd = await sshdWith({
      forceCommand: 'echo "This account is currently not available."; exit 1'
    });
    const error = await errorOf(transportTo(sshd.configPath));
    expect(error).toMatchObject({
      code: 'remote-command-failed',
      details: { status: 1, stderr: 'This account is currently not available.' }
    });
  });
});

describe('a host with one session', () => {
  it('serves calls one after the other', async () => {
    const sshd = await sshdWith({ lines: ['MaxSessions 1'] });
    const transport = transportTo(sshd.configPath);
    const numbers = ['1', '2', '3', '4', '5'];
    const connections = new Set(
      await Promise.all(numbers.map(() => output(transport, 'echo "$SSH_CONNECTION"')))
    );
    expect(connections.size).toBe(1);
    expect(await Promise.all(numbers.map(number => output(transport, `echo ${number}`)))).toEqual(
      numbers
    );
    expect(transport.sessionLimit).toBe(1);
  });

  it('is used over a new connection where a script hangs', async () => {
    const sshd = await sshdWith({ lines: ['MaxSessions 1'] });
    const transport = transportTo(sshd.configPath);
    const file = join(sshd.folder, 'pid');
    const hanging = transport.run(`echo "$$" >${file}; exec sleep 1000`, {
      action: 'hang',
      timeoutMs: 1500
    });
    await expect(hanging).rejects.toMatchObject({ code: 'remote-timeout' });
    const pid = Number(await readFile(file, 'utf8'));
    ends.unshift(async () => {
      process.kill(pid, 'SIGKILL');
    });
    expect(await output(transport)).toBe('reached');
  });

  it('tells so, and serves a call once a stream has made room', async () => {
    const sshd = await sshdWith({ lines: ['MaxSessions 1'] });
    const transport = transportTo(sshd.configPath);
    const stream = await transport.stream('cat', how);
    const running = output(transport);
    await waitUntil('the limit is known', async () => transport.sessionLimit === 1);
    stream.close();
    expect(await running).toBe('reached');
  });
});

describe('a master', () => {
  /** Counts the connections to an sshd. */
  const counted = async (sshd: LoopbackSshd) => {
    const proxy = await countingProxy(sshd.port);
    ends.unshift(proxy.close);
    const port = `[127.0.0.1]:${proxy.port}`;
    await sshd.writeKnownHosts([`${port} ${await sshd.hostKey('ed25519')}`]);
    return proxy;
  };

  it('of the person is used, never ended, and replaced when it dies', async () => {
    const sshd = await sshdWith();
    const proxy = await counted(sshd);
    const socket = join(sshd.folder, 'own');
    const config = join(sshd.folder, 'config');
    const at = ['-F', config, '-p', String(proxy.port)];
    await appendFile(config, `ControlPath ${socket}\nControlMaster auto\n`);
    const own = spawn('ssh', [...at, '-M', '-N', 'loopback'], { stdio: 'ignore' });
    ends.unshift(async () => {
      own.kill('SIGKILL');
    });
    await waitUntil('the person’s master listens', async () => existsSync(socket));

    const transport = transportTo(config, { host: `loopback:${proxy.port}` });
    expect(await output(transport)).toBe('reached');
    expect(proxy.count()).toBe(1);
    expect(transport.connection).toMatchObject({
      state: 'connected',
      words: 'over the connection that your own terminal has open'
    });
    await transport.close();
    expect(await isMasterAlive(socket, { host: 'loopback', env: process.env })).toBe(true);

    const stream = await transport.stream('cat', how);
    own.kill('SIGKILL');
    expect(await stream.closed).toBeNull();
    expect(await output(transport)).toBe('reached');
    expect(proxy.count()).toBe(2);
    expect(transport.connection.words).toBeNull();
  });

  it('whose socket is dead is not silently replaced by a connection', async () => {
    const sshd = await sshdWith();
    const proxy = await countingProxy(sshd.port);
    ends.unshift(proxy.close);
    const folder = await folderOf();
    const config = join(folder, 'config');
    await writeFile(config, `Host master\nHostName 127.0.0.1\nPort ${proxy.port}\n`);
    const gone = new Promise<never>(() => undefined);
    const what = { options: ['-F', config], command: 'true' };
    for (const socket of [join(folder, 'none'), await deadSocket(folder)]) {
      const link = { socket, isPersons: false, gone, end: () => undefined };
      const signal = AbortSignal.timeout(20_000);
      const opening = openClient(link, { host: 'x', env: process.env, what, signal });
      await expect(opening).rejects.toMatchObject({ code: 'connection-lost' });
    }
    expect(proxy.count()).toBe(0);
  });

  it('leaves with the service, however that ends, with all that it began', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'openssh-'));
    await writeFile(join(folder, 'm'), '');
    // A service that begins a program and is killed.
    const service = spawn(
      process.execPath,
      [
        '-e',
        `const child = require('child_process').spawn('/bin/sh',
          ['-c', process.argv[1], 'bound', process.argv[2], 'sleep', '1000'],
          { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
         console.log(child.pid);`,
        BOUND_SCRIPT,
        folder
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] }
    );
    const [line] = (await once(createInterface({ input: service.stdout }), 'line')) as [string];
    const pid = Number(line);
    expect(isAlive(pid)).toBe(true);
    service.kill('SIGKILL');
    await waitUntil('the program is gone', async () => !isAlive(pid));
    await waitUntil('its folder is gone', async () => !existsSync(folder));
  });
});

it.each([
  ['openssh', createOpensshTransport],
  ['ssh2', createSsh2Transport]
])(
  '%s leaves nothing after connecting, running and dropping',
  async (_, create) => {
    const sshd = await sshdWith();
    const places = await folderOf();
    const env = { ...process.env, TMPDIR: places };
    const cycles = process.env.SLUICE_TEST_ALL === '1' ? 200 : 5;
    for (let cycle = 0; cycle < cycles; cycle += 1) {
      const transport = create({
        target: 'test',
        host: 'loopback',
        sshConfig: sshd.configPath,
        env
      });
      const pid = Number(await output(transport, 'echo "$PPID"'));
      await transport.close();
      await waitUntil('the host has no process of it', async () => !isAlive(pid));
    }
    expect(await readdir(places)).toEqual([]);
    await waitUntil('none of its programs runs', async () => !(await isNamedByAny(places)));
  },
  600_000
);

async function listen(
  answer: (socket: Socket) => unknown
): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket.on('error', () => undefined));
    answer(socket);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const close = async (): Promise<void> => {
    sockets.forEach(socket => socket.destroy());
    await new Promise(resolve => server.close(resolve));
  };
  return { port, close };
}

/** A way to a port of this machine that counts who came. */
async function countingProxy(
  toPort: number
): Promise<{ port: number; count(): number; close(): Promise<void> }> {
  let connections = 0;
  const proxy = await listen(near => {
    connections += 1;
    const far = connect(toPort, '127.0.0.1');
    far.on('error', () => near.destroy()).on('close', () => near.destroy());
    near.on('close', () => far.destroy());
    near.pipe(far).pipe(near);
  });
  return { ...proxy, count: () => connections };
}

/** A socket that nobody listens on any more. */
async function deadSocket(folder: string): Promise<string> {
  const path = join(folder, 'dead');
  const script = `require('net').createServer().listen(process.argv[1], () => console.log('listens'))`;
  const child = spawn(process.execPath, ['-e', script, path], {
    stdio: ['ignore', 'pipe', 'inherit']
  });
  await once(createInterface({ input: child.stdout }), 'line');
  child.kill('SIGKILL');
  await once(child, 'exit');
  return path;
}

/** Whether any process has a path in its command line. */
async function isNamedByAny(path: string): Promise<boolean> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map(pid => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''))
  );
  return lines.some(line => line.includes(path));
}
