import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { errorOf, outputOf, Ssh2Trial } from '../../../../testing/ssh2-trial';
import { stallingProxy } from '../../../../testing/stalling-proxy';
import { waitUntil } from '../../../../testing/wait-until';
import type { ITransport } from '../../transport';

const how = { action: 'test', timeoutMs: 20_000 };

jest.setTimeout(60_000);

const trial = new Ssh2Trial();
afterEach(() => trial.end());

describe('a connection that is cut', () => {
  // The shell's parent is the sshd that serves this one connection.
  const cutFromInside = 'kill -9 "$PPID"; sleep 1000';

  it('fails what runs, and is opened again by the next call', async () => {
    const sshd = await trial.sshd();
    const transport = trial.transportTo(sshd.configPath);
    const error = await transport.run(cutFromInside, how).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'connection-lost', details: { host: 'loopback' } });
    expect(await outputOf(transport)).toBe('reached');
  });

  it('ends a stream, with no status', async () => {
    const sshd = await trial.sshd();
    const transport = trial.transportTo(sshd.configPath);
    const stream = await transport.stream('echo begun; cat', how);
    const lines = createInterface({ input: stream.output })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('begun');
    await transport.run(cutFromInside, how).catch(() => undefined);
    expect(await stream.closed).toBeNull();
    expect((await lines.next()).done).toBe(true);
  });

  it('is used by the next call even when its end was not noticed yet', async () => {
    const sshd = await trial.sshd();
    const transport = trial.transportTo(sshd.configPath);
    const pid = Number(await outputOf(transport, 'echo "$PPID"'));
    process.kill(pid, 'SIGKILL');
    expect(await outputOf(transport)).toBe('reached');
  });

  it('leaves the old file when it is cut in the middle of a write', async () => {
    const sshd = await trial.sshd();
    const transport = trial.transportTo(sshd.configPath);
    const path = join(sshd.folder, 'file');
    await transport.write(path, Buffer.from('old'));
    const pid = Number(await outputOf(transport, 'echo "$PPID"'));
    const writing = transport.write(path, Buffer.alloc(50_000_000, 'x'));
    process.kill(pid, 'SIGKILL');
    // Where the cut came before the data, the write was sent again and is whole.
    const error = await writing.then(
      () => null,
      (reason: unknown) => reason
    );
    const size = (await transport.read(path)).length;
    expect(size).toBe(error === null ? 50_000_000 : 3);
  });

  it('is noticed when nothing comes through any more', async () => {
    const sshd = await trial.sshd({ clientLines: ['ServerAliveInterval 1'] });
    const proxy = await stallingProxy(sshd.port);
    trial.onEnd(proxy.close);
    const port = `[127.0.0.1]:${proxy.port}`;
    await sshd.writeKnownHosts([`${port} ${await sshd.hostKey('ed25519')}`]);
    const transport = trial.transportTo(sshd.configPath, { host: `loopback:${proxy.port}` });
    await outputOf(transport);
    const stream = await transport.stream('cat', how);
    proxy.stall();
    expect(await stream.closed).toBeNull();
    proxy.flow();
    expect(await outputOf(transport)).toBe('reached');
  });
});

describe('a connection that is dead', () => {
  it.each(['toHost', 'fromHost'] as const)('%s alone is noticed, too', async dead => {
    const sshd = await trial.sshd({ clientLines: ['ServerAliveInterval 1'] });
    const proxy = await oneWayProxy(sshd.port);
    trial.onEnd(proxy.close);
    await sshd.writeKnownHosts([`[127.0.0.1]:${proxy.port} ${await sshd.hostKey('ed25519')}`]);
    const transport = trial.transportTo(sshd.configPath, { host: `loopback:${proxy.port}` });
    const stream = await transport.stream('cat', how);
    proxy.dead = dead;
    expect(await stream.closed).toBeNull();
    expect(transport.connection.state).toBe('idle');
  });
});

describe('a host that gives no shell', () => {
  it('is told by its own words', async () => {
    const sshd = await trial.sshd({
      forceCommand: 'echo "This account is currently not available."; exit 1'
    });
    const error = await errorOf(trial.transportTo(sshd.configPath));
    expect(error).toMatchObject({
      code: 'remote-command-failed',
      details: { status: 1, stderr: 'This account is currently not available.' }
    });
  });
});

describe('a host with one session', () => {
  it('serves calls one after the other', async () => {
    const sshd = await trial.sshd({ lines: ['MaxSessions 1'] });
    const transport = trial.transportTo(sshd.configPath);
    const numbers = ['1', '2', '3', '4', '5'];
    expect(await Promise.all(numbers.map(number => outputOf(transport, `echo ${number}`)))).toEqual(
      numbers
    );
    expect(transport.sessionLimit).toBe(1);
  });

  it('tells so, and serves a call once a stream has made room', async () => {
    const sshd = await trial.sshd({ lines: ['MaxSessions 1'] });
    const transport = trial.transportTo(sshd.configPath);
    const stream = await transport.stream('cat', how);
    const running = outputOf(transport);
    await waitForLimit(transport, 1);
    stream.close();
    expect(await running).toBe('reached');
  });
});

async function waitForLimit(transport: ITransport, limit: number): Promise<void> {
  await waitUntil(`the session limit is ${limit}`, async () => transport.sessionLimit === limit);
}

type Direction = 'toHost' | 'fromHost';

/** Swallows what goes in one direction, once that is said. */
async function oneWayProxy(
  toPort: number
): Promise<{ port: number; dead: Direction | null; close(): Promise<void> }> {
  const sockets: Socket[] = [];
  const server = createServer(near => {
    const far = connect(toPort, '127.0.0.1');
    sockets.push(near, far);
    const pass = (from: Socket, to: Socket, direction: Direction): void => {
      from.on('data', chunk => proxy.dead === direction || to.write(chunk));
      from.on('error', () => undefined).on('close', () => to.destroy());
    };
    pass(near, far, 'toHost');
    pass(far, near, 'fromHost');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const proxy = {
    port: (server.address() as { port: number }).port,
    dead: null as Direction | null,
    close: async (): Promise<void> => {
      sockets.forEach(socket => socket.destroy());
      await new Promise(resolve => server.close(resolve));
    }
  };
  return proxy;
}
