import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SluiceError } from '../../shared/errors';
import { isAlive, waitUntil } from '../../testing/wait-until';
import type { Place } from '../service/place';
import { ServiceAccess, type ServiceAccessOptions } from '../service/service-access';

const entry = join(__dirname, 'fixtures/small-service.cjs');

describe('access to the service', () => {
  let folder: string;
  let place: Place;
  let opened: ServiceAccess[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cli-'));
    place = { state: join(folder, 'state'), config: join(folder, 'é', 'config.toml') };
    opened = [];
  });
  afterEach(async () => {
    await Promise.all(opened.map(access => access.close()));
    for (const pid of starts()) {
      if (isAlive(pid)) {
        process.kill(pid, 'SIGKILL');
      }
      await waitUntil(`${pid} is gone`, async () => !isAlive(pid));
    }
    rmSync(folder, { recursive: true });
  });

  /** Processes that were started so far. */
  function starts(): number[] {
    const file = join(place.state, 'starts');
    const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
    return lines.map(line => Number(line.split(' ')[1]));
  }

  function open(behaviour: object = {}, change: Partial<ServiceAccessOptions> = {}): ServiceAccess {
    const access = new ServiceAccess({
      place,
      entry,
      environment: { ...process.env, SMALL_SERVICE: JSON.stringify(behaviour), JPY_API_TOKEN: 'x' },
      version: '1.0.0',
      protocol: 1,
      delay,
      ...change
    });
    opened.push(access);
    return access;
  }

  const refusal = async (call: Promise<unknown>): Promise<SluiceError> => {
    const error = await call.then(
      () => null,
      (reason: unknown) => reason
    );
    expect(error).toBeInstanceOf(SluiceError);
    return error as SluiceError;
  };

  it('starts a service where none runs, and finds it again', async () => {
    const { pid } = await open().ask(client => client.health());
    expect((await open().ask(client => client.health())).pid).toBe(pid);
    expect(starts()).toEqual([pid]);
  });

  it('hands on where and what, and no token of whoever it was started from', async () => {
    await open().ask(client => client.health());
    const environment = JSON.parse(
      readFileSync(join(place.state, 'environment'), 'utf8')
    ) as NodeJS.ProcessEnv;
    expect(environment).toMatchObject({ SLUICE_STATE: place.state, SLUICE_CONFIG: place.config });
    expect(environment).not.toHaveProperty('JPY_API_TOKEN');
    expect(readFileSync(join(place.state, 'starts'), 'utf8')).toMatch(/^serve /);
  });

  it('names its configuration, whatever letters the path has', async () => {
    expect((await open().ask(client => client.task('config'))).id).toBe(place.config);
  });

  it('starts another one when it dies in the middle of a call', async () => {
    const access = open({ mode: 'mortal' });
    const { pid } = await access.ask(client => client.health());
    // The next one would live, were it not of the same kind: it is asked for something else then.
    let calls = 0;
    const answer = await access.ask(client => {
      calls += 1;
      return client.task(calls === 1 ? 'die' : 'live');
    });
    expect(answer.id).toBe('/api/status/live');
    expect(starts()).toHaveLength(2);
    expect(starts()[0]).toBe(pid);
  });

  it('asks an older one to leave, and not a newer one', async () => {
    const first = open({ version: '0.9.12' }, { version: '0.9.12' });
    const old = (await first.ask(client => client.health())).pid;
    const { pid, version } = await open({ version: '1.0.0' }).ask(client => client.health());
    expect([version, isAlive(old)]).toEqual(['1.0.0', false]);
    const older = open({}, { version: '0.10.0' });
    expect((await older.ask(client => client.health())).pid).toBe(pid);
  });

  it('does not go on replacing what is older every time', async () => {
    const error = await refusal(open({ version: '0.1.0' }).ask(client => client.health()));
    expect(error.message).toContain('older version of it is started again and again');
    expect(starts()).toHaveLength(3);
  });

  it('says why a service could not be started', async () => {
    const error = await refusal(open({ mode: 'crash' }).ask(client => client.health()));
    expect(error.code).toBe('service-down');
    expect(error.message).toContain('status 1: Error: the store is broken');
  });

  it('ends one that never says that it listens', async () => {
    const access = open({ mode: 'silent' }, { startTimeoutMs: 1000 });
    const error = await refusal(access.ask(client => client.health()));
    expect(error.message).toContain('did not start within 1 s');
    const [pid = 0] = starts();
    await waitUntil('it is gone', async () => !isAlive(pid));
  });

  it('does not wait for ever where the state is held, but nobody answers', async () => {
    const error = await refusal(open({ mode: 'held' }).ask(client => client.health()));
    expect(error.message).toContain('does not answer');
  });

  it('does not talk to what may be someone else’s', async () => {
    await open().ask(client => client.health());
    const socket = join(place.state, 'socket');
    chmodSync(socket, 0o666);
    expect((await refusal(open().ask(client => client.health()))).message).toContain(
      'open to others'
    );
    chmodSync(socket, 0o600);
    chmodSync(place.state, 0o777);
    const error = await refusal(open().ask(client => client.health()));
    expect(error.message).toContain('can be written to by others (mode 777)');
  });

  it('refuses an endpoint that it does not understand', async () => {
    mkdirSync(place.state, { mode: 0o700 });
    writeFileSync(join(place.state, 'endpoint.json'), '{"unix": "relative"}', { mode: 0o600 });
    const error = await refusal(open().ask(client => client.health()));
    expect(error.message).toMatch(/endpoint.json is not understood; remove it/);
  });
});
