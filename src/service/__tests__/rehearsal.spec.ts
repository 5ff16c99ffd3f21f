import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isTerminal } from '../../shared/phases';
import type { Capture } from '../../shared/wire/capture';
import { emptyCapture } from '../../shared/wire/empty-capture';
import type { Plan } from '../../shared/wire/plan';
import type { Rehearsal } from '../../shared/wire/rehearsal';
import type { TaskEvent } from '../../shared/wire/events';
import type { PlanInput } from '../../shared/wire/submit';
import type { Task } from '../../shared/wire/task';
import { ServiceStand, venvPython } from '../../testing/service-stand';
import { waitUntil } from '../../testing/wait-until';

/** The whole service, and real workers on its embedded target. */
describe('a rehearsal', () => {
  let stand: ServiceStand;
  let folder: string;

  const open = async (more = ''): Promise<void> => {
    const python = `python = ${JSON.stringify(venvPython)}\n`;
    stand = await ServiceStand.open(`[targets.here]\n${python}${more}`);
  };

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-notebook-')));
  });

  afterEach(async () => {
    await stand.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (name: string, text: string): void => {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  };

  const capture = (change: Partial<Capture> = {}): Capture => ({
    ...emptyCapture(),
    python: {
      version: '3.11.7',
      executable: venvPython,
      prefix: '/venv',
      implementation: 'cpython',
      platform: 'linux',
      machine: 'x86_64'
    },
    host: 'laptop',
    nonce: stand.nonce,
    cwd: folder,
    sysPath: [folder],
    accepts: ['json'],
    ...change
  });

  const planOf = async (input: PlanInput): Promise<Plan> => {
    const payload: PlanInput = { ...input, rehearse: true };
    const answer = await stand.app.inject({ method: 'POST', url: '/api/plan', payload });
    expect(answer.statusCode).toBe(200);
    return answer.json<Plan>();
  };

  const rehearse = async (source: string, change: Partial<PlanInput> = {}): Promise<Rehearsal> => {
    const plan = await planOf(stand.cell(source, { capture: capture(), ...change }));
    if (plan.rehearsal === null) {
      throw new Error('the plan has no rehearsal');
    }
    return plan.rehearsal;
  };

  const tasks = async (): Promise<Task[]> =>
    (await stand.app.inject({ url: '/api/tasks' })).json<{ tasks: Task[] }>().tasks;

  it('runs what was captured, and shows its outputs apart', async () => {
    await open();
    write('helpers.py', 'def total(path):\n    return sum(map(int, open(path)))\n');
    write('data/numbers.txt', '1\n2\n');
    const source = [
      'from helpers import total',
      'import sys',
      'print("a")',
      'print("b", file=sys.stderr)',
      'result = total("data/numbers.txt")',
      'result'
    ].join('\n');
    const found = await rehearse(source);
    expect(found).toMatchObject({ ok: true, uncaptured: [], stopped: null });
    expect(found.outputs).toMatchObject([
      { output_type: 'stream', name: 'stdout', text: 'a\n' },
      { output_type: 'stream', name: 'stderr', text: 'b\n' },
      { output_type: 'execute_result', data: { 'text/plain': '3' } }
    ]);
    const [task] = await tasks();
    expect(task).toMatchObject({
      id: found.task,
      rehearsal: true,
      origin: null,
      target: 'here',
      phase: 'completed',
      variables: []
    });
  });

  it('names a file and an import that were not captured', async () => {
    await open();
    write('hidden.csv', '1\n');
    write('plugins/shapes.py', 'x = 1\n');
    const source = [
      'import importlib',
      'name = "".join(["hid", "den", ".csv"])',
      'try:',
      '    print(open(name).read())',
      'except FileNotFoundError:',
      '    print("without it")',
      'importlib.import_module(".".join(["plugins", "shapes"]))'
    ].join('\n');
    const found = await rehearse(source);
    expect(found).toMatchObject({
      ok: false,
      stopped: 'missing',
      uncaptured: [
        { kind: 'file', name: 'hidden.csv', line: 4 },
        { kind: 'module', name: 'plugins', line: 7 }
      ]
    });
    expect(found.message).toContain('line 7 of 7');
    expect(found.outputs.at(-1)).toMatchObject({ ename: 'ModuleNotFoundError' });
  });

  it('is one with the same plan request', async () => {
    await open();
    const request = stand.cell('print(1)', { capture: capture() });
    const [first, second] = [await planOf(request), await planOf(request)];
    expect(second.rehearsal?.task).toBe(first.rehearsal?.task);
    expect(await tasks()).toHaveLength(1);
  });

  it('ends when its time is up', async () => {
    await open('rehearse_seconds = 0.5\n');
    const found = await rehearse('print("begun")\nimport time\ntime.sleep(1000)');
    expect(found).toMatchObject({ ok: false, stopped: 'time', uncaptured: [] });
    expect(found.message).toContain('line 3 of 3 in 0.5 s');
    expect(found.outputs).toEqual([{ output_type: 'stream', name: 'stdout', text: 'begun\n' }]);
  });

  it('says that a GPU is asked for, and where one may be', async () => {
    await open(
      '[targets.big]\nhost = "nowhere.invalid"\n[targets.big.paths]\ndata = "/big/data"\n'
    );
    const words = 'Found no NVIDIA driver on your system';
    const source = `raise RuntimeError(${JSON.stringify(words)})`;
    const found = await rehearse(source, { target: 'big', brief: true });
    expect(found.stopped).toBe('gpu');
    expect(found.message).toContain('Rehearse on big');
    const there = await rehearse('import sluice\nopen(sluice.path("data") + "/a.bin")', {
      target: 'big',
      brief: true
    });
    expect(there).toMatchObject({ stopped: 'cluster-path', uncaptured: [] });
    expect(there.message).toContain('/big/data/a.bin is not on this machine');
  });

  it('tells what kept it from beginning', async () => {
    await open();
    const nonce = 'of another machine';
    const found = await rehearse('print(1)', { capture: capture({ nonce }) });
    expect(found).toMatchObject({ ok: false, stopped: 'exception', seconds: 0, outputs: [] });
    expect(found.message).not.toBe('');
  });

  it('does not wait behind runs that fill all slots', async () => {
    await open();
    const root = join(stand.directory, 'state/here');
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, 'SLUICE_SLOTS'), '1\n');
    const busy = await stand.submit(
      stand.cell('print("on")\nimport threading\nthreading.Event().wait()')
    );
    await stand.follow(busy.id, ({ events }) => events.some(({ type }) => type === 'stream'));
    expect(await rehearse('print(1)')).toMatchObject({ ok: true });
    await stand.cancel(busy.id);
    await stand.follow(busy.id);
  });

  it('is canceled when nobody waits for it any more', async () => {
    await open();
    const server = createServer((request, response) => {
      stand.app.routing(request, response);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const source = 'print("on", flush=True)\nimport threading\nthreading.Event().wait()';
    const body = JSON.stringify({ ...stand.cell(source, { capture: capture() }), rehearse: true });
    const abort = new AbortController();
    const answer = fetch(`http://127.0.0.1:${port}/api/plan`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: abort.signal
    });
    const lost = expect(answer).rejects.toThrow();
    const events: TaskEvent[] = [];
    await waitUntil('the rehearsal runs', async () => {
      const [task] = await tasks();
      return task !== undefined && task.lastIndex > 1;
    });
    abort.abort();
    await lost;
    const [{ id } = { id: '' }] = await tasks();
    const end = await stand.follow(id, batch => isTerminal(batch.task.phase));
    events.push(...end.events);
    expect(end.task).toMatchObject({ phase: 'canceled', cancelRequested: true });
    expect(events.find(({ type }) => type === 'rehearsal')).toMatchObject({
      data: { stopped: 'canceled' }
    });
    await new Promise<void>(resolve => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  });
});
