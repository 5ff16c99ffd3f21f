import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isTerminal } from '../../shared/phases';
import type { EventBatch } from '../../shared/wire/service';
import type { SubmitRequest } from '../../shared/wire/submit';
import type { Task } from '../../shared/wire/task';
import { openService, type OpenService } from '../main';
import { openStateDirectory } from '../state/state-directory';

const checkout = resolve(__dirname, '../../..');

/** The whole service with its embedded target: real shell, real supervisor, real worker. */
describe('the road of a cell', () => {
  let directory: string;
  let service: OpenService;
  let requests = 0;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'sl-'));
    writeFileSync(
      join(directory, 'config.toml'),
      `[targets.here]\npython = ${JSON.stringify(join(checkout, '.venv/bin/python'))}\n`
    );
    service = await open();
  });

  afterEach(async () => {
    await service.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const open = async (): Promise<OpenService> => {
    const environment = {
      ...process.env,
      SLUICE_STATE: join(directory, 'state'),
      SLUICE_CONFIG: join(directory, 'config.toml')
    };
    const state = openStateDirectory(environment);
    const options = { packageDir: join(checkout, 'sluice'), version: '0', environment };
    const opened = await openService(options, state, () => undefined);
    opened.tasks.resume();
    return opened;
  };

  const cell = (source: string, change: Partial<SubmitRequest> = {}): SubmitRequest => ({
    requestId: `request-${(requests += 1)}`,
    target: 'here',
    resources: {},
    payload: { kind: 'cell', source, outputs: null },
    origin: { notebookPath: 'n.ipynb', cellId: 'c1', kernelId: null },
    projectDir: null,
    capture: null,
    ...change
  });

  const submit = async (request: SubmitRequest): Promise<Task> => {
    const answer = await service.app.inject({
      method: 'POST',
      url: '/api/submit',
      payload: request
    });
    expect(answer.statusCode).toBe(200);
    return answer.json();
  };

  /** All events, up to the task's end or to one that `enough` accepts. */
  const follow = async (
    id: string,
    enough: (batch: EventBatch) => boolean = ({ task }) => isTerminal(task.phase)
  ): Promise<EventBatch> => {
    const all: EventBatch['events'] = [];
    for (let rounds = 0; rounds < 500; rounds += 1) {
      const after = all.at(-1)?.index ?? 0;
      const url = `/api/events/${id}?after=${after}&waitMs=20000`;
      const batch = (await service.app.inject({ url })).json<EventBatch>();
      all.push(...batch.events);
      const whole = { task: batch.task, events: all };
      if (enough(whole) && batch.events.length === 0) {
        return whole;
      }
    }
    throw new Error('no end in sight');
  };

  const printed = ({ events }: EventBatch): string =>
    events.map(event => (event.type === 'stream' ? event.data.text : '')).join('');

  it('runs a cell in its own process and brings its outputs in order', async () => {
    const task = await submit(
      cell('print("one")\nimport sys\nprint("two", file=sys.stderr)\n6 * 7')
    );
    expect(task.phase).toBe('preparing');
    const end = await follow(task.id);
    expect(end.task).toMatchObject({ phase: 'completed', publicPhase: 'completed', reason: null });
    expect(printed(end)).toBe('one\ntwo\n');
    const result = end.events.find(event => event.type === 'execute_result');
    expect(result?.data.data).toMatchObject({ 'text/plain': '42' });
    expect(end.events.map(({ index }) => index)).toEqual(end.events.map((_, i) => i + 1));
    const log = await service.app.inject({
      url: `/api/logs/${task.id}`,
      headers: { range: 'bytes=0-2' }
    });
    expect([log.statusCode, log.body]).toEqual([206, 'one']);
  });

  it('runs in the person’s own locale', async () => {
    const task = await submit(cell('import os\nprint(os.environ.get("LC_ALL"))'));
    expect(printed(await follow(task.id))).toBe(`${process.env['LC_ALL'] ?? 'None'}\n`);
  });

  it('is one task however often the same request comes', async () => {
    const request = cell('print(1)');
    const [first, second] = [await submit(request), await submit(request)];
    expect(second.id).toBe(first.id);
    await follow(first.id);
    expect(readdirSync(join(directory, 'state/here/runs'))).toEqual([first.id]);
  });

  it('fails with the exception in words', async () => {
    const task = await submit(cell('print("before")\n1 / 0'));
    const end = await follow(task.id);
    expect(end.task.phase).toBe('failed');
    expect(end.task.reason).toMatchObject({
      code: 'exception',
      message: 'ZeroDivisionError: division by zero'
    });
    expect(printed(end)).toBe('before\n');
    expect(end.events.some(event => event.type === 'error')).toBe(true);
  });

  it('cancels a running cell and keeps what it printed', async () => {
    const source = 'print("begun", flush=True)\nimport threading\nthreading.Event().wait()';
    const task = await submit(cell(source));
    await follow(task.id, batch => printed(batch) === 'begun\n');
    await service.app.inject({ method: 'POST', url: `/api/cancel/${task.id}` });
    const end = await follow(task.id);
    expect(end.task).toMatchObject({ phase: 'canceled', reason: { code: 'canceled' } });
    expect(printed(end)).toBe('begun\n');
  });

  it('goes on where it was when the service was closed in the middle', async () => {
    const gate = join(directory, 'gate');
    const source = [
      'import os, time',
      'print("first", flush=True)',
      `while not os.path.exists(${JSON.stringify(gate)}): time.sleep(0.01)`,
      'print("second")'
    ].join('\n');
    const task = await submit(cell(source));
    await follow(task.id, batch => printed(batch) === 'first\n');
    await service.close();
    writeFileSync(gate, '');
    service = await open();
    const end = await follow(task.id);
    expect(end.task.phase).toBe('completed');
    expect(printed(end)).toBe('first\nsecond\n');
  });

  it('keeps a refused request as a task with its reason', async () => {
    const task = await submit(cell('print(1)', { target: 'nowhere' }));
    const end = await follow(task.id);
    expect(end.task).toMatchObject({ phase: 'failed', reason: { code: 'target-unknown' } });
    expect(end.task.reason?.hint).toContain('here');
  });

  it('shows a plan without running anything', async () => {
    const payload = cell('import json\nprint(1)');
    const answer = await service.app.inject({ method: 'POST', url: '/api/plan', payload });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      version: 1,
      target: 'here',
      modules: [],
      rehearsal: null
    });
  });
});
