import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync
} from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';

const bundle = resolve(__dirname, '../../../sluice/service/main.cjs');

type Answer = { status: number; body: Record<string, unknown> };

/** The built service as a process of its own, as whoever needs it starts it. */
describe('the service process', () => {
  let state: string;
  let started: ChildProcess[];

  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), 'sl-'));
    started = [];
  });

  afterEach(async () => {
    for (const child of started) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    }
    rmSync(state, { recursive: true, force: true });
  });

  /** Start it; its first word on stdout, and the process. */
  const start = async (extra: Record<string, string> = {}): Promise<[string, ChildProcess]> => {
    const env = { ...process.env, SLUICE_STATE: state, SLUICE_CONFIG: '/nowhere.toml', ...extra };
    const child = spawn(process.execPath, [bundle, 'serve'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit']
    });
    started.push(child);
    const [word] = (await once(createInterface(child.stdout), 'line')) as [string];
    return [word, child];
  };

  const ask = (path: string, options: { method?: string; config?: string } = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const headers = options.config === undefined ? {} : { 'x-sluice-config': options.config };
      const { method = 'GET' } = options;
      const socketPath = join(state, 'socket');
      request({ socketPath, path, method, headers }, response => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const body = JSON.parse(Buffer.concat(chunks).toString()) as Answer['body'];
          resolve({ status: response.statusCode ?? 0, body });
        });
      })
        .on('error', reject)
        .end();
    });

  it('listens on a private socket and says where', async () => {
    const [word, child] = await start();
    expect(word).toBe('ready');
    expect(statSync(join(state, 'socket')).mode & 0o777).toBe(0o600);
    expect(statSync(state).mode & 0o777).toBe(0o700);
    const endpoint = JSON.parse(readFileSync(join(state, 'endpoint.json'), 'utf8')) as unknown;
    expect(endpoint).toMatchObject({ unix: join(state, 'socket'), pid: child.pid });
    expect((await ask('/health')).body).toMatchObject({ pid: child.pid, draining: false });
    expect(readFileSync(join(state, 'service.log'), 'utf8')).toMatch(/INFO: serving/);
  });

  it('is one for each state directory', async () => {
    await start();
    const [word, second] = await start();
    expect(word).toBe('held');
    if (second.exitCode === null) {
      await once(second, 'exit');
    }
    expect(second.exitCode).toBe(0);
  });

  it('starts again after it was killed', async () => {
    const [, first] = await start();
    first.kill('SIGKILL');
    await once(first, 'exit');
    const [word, second] = await start();
    expect(word).toBe('ready');
    expect((await ask('/health')).body['pid']).toBe(second.pid);
  });

  it('refuses a caller with another configuration, in words', async () => {
    await start();
    const { status, body } = await ask('/api/tasks', { config: '/other.toml' });
    expect(status).toBe(409);
    expect(body['error']).toMatchObject({ code: 'config-differs' });
    expect((await ask('/api/tasks', { config: '/nowhere.toml' })).status).toBe(200);
  });

  it('calls itself leaving once another program lies in its place', async () => {
    const copy = join(state, 'package');
    cpSync(dirname(bundle), join(copy, 'service'), { recursive: true });
    cpSync(join(dirname(bundle), '../_version.py'), join(copy, '_version.py'));
    await start({ SLUICE_PACKAGE: copy });
    expect((await ask('/health')).body['draining']).toBe(false);
    appendFileSync(join(copy, 'service/main.cjs'), '\n');
    expect((await ask('/health')).body['draining']).toBe(true);
  });

  it('answers, then leaves, when it is asked to drain', async () => {
    const [, child] = await start();
    expect((await ask('/api/drain', { method: 'POST' })).body).toEqual({ draining: true });
    await once(child, 'exit');
    expect(child.exitCode).toBe(0);
  });

  it('stays while somebody is connected, and leaves by itself once nobody is', async () => {
    // Long enough for a busy machine to connect within it.
    const idleMs = 1000;
    const [, child] = await start({ SLUICE_IDLE_MS: String(idleMs) });
    const socket = new WebSocket(`ws+unix://${join(state, 'socket')}:/api/events`);
    await once(socket, 'open');
    // Several idle limits pass while this connection is the only one.
    const openedAt = performance.now();
    while (performance.now() - openedAt < 3 * idleMs) {
      socket.ping();
      await once(socket, 'pong');
      await new Promise(resolve => setImmediate(resolve));
    }
    expect(child.exitCode).toBeNull();
    socket.close();
    await once(child, 'exit');
    expect(child.exitCode).toBe(0);
    expect(existsSync(join(state, 'store.db'))).toBe(true);
  });
});
