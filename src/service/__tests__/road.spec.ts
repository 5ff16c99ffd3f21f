import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printed, ServiceStand, venvPython } from '../../testing/service-stand';
import { waitUntil } from '../../testing/wait-until';

const OWN_UMASK = 0o027;

/** How many events are stored before the service goes: by hand, each of many; else one in the middle. */
const INTERRUPTED_AFTER =
  process.env['SLUICE_TEST_ALL'] === '1' ? Array.from({ length: 30 }, (_, i) => i) : [7];

/** The whole service with its embedded target: real shell, real supervisor, real worker. */
describe('the road of a cell', () => {
  let stand: ServiceStand;
  let before: number;

  beforeEach(async () => {
    before = process.umask(OWN_UMASK);
    stand = await ServiceStand.open(`[targets.here]\npython = ${JSON.stringify(venvPython)}\n`);
  });

  afterEach(async () => {
    await stand.close();
    process.umask(before);
  });

  it('runs a cell in its own process and brings its outputs in order', async () => {
    const task = await stand.submit(
      stand.cell('print("one")\nimport sys\nprint("two", file=sys.stderr)\n6 * 7')
    );
    expect(task.phase).toBe('preparing');
    const end = await stand.follow(task.id);
    expect(end.task).toMatchObject({ phase: 'completed', publicPhase: 'completed', reason: null });
    expect(end.task.startedAt).toBeGreaterThanOrEqual(end.task.queuedAt ?? Infinity);
    expect(printed(end)).toBe('one\ntwo\n');
    const result = end.events.find(event => event.type === 'execute_result');
    expect(result?.data.data).toMatchObject({ 'text/plain': '42' });
    expect(end.events.map(({ index }) => index)).toEqual(end.events.map((_, i) => i + 1));
    const log = await stand.app.inject({
      url: `/api/logs/${task.id}`,
      headers: { range: 'bytes=0-2' }
    });
    expect([log.statusCode, log.body]).toEqual([206, 'one']);
  });

  it('knows that a task began although it was over before anyone looked', async () => {
    const source = 'print("quick")';
    const task = await stand.submit(stand.cell(source));
    await stand.follow(task.id, batch => batch.task.jobId !== null);
    await stand.stop();
    const end = join(stand.directory, 'state/here/runs', task.id, 'attempts/0/end.json');
    await waitUntil('the worker is done', () => Promise.resolve(existsSync(end)));
    await stand.restart();
    const { task: after } = await stand.follow(task.id);
    expect(after).toMatchObject({ phase: 'completed' });
    expect(after.startedAt).not.toBeNull();
  });

  it('runs in the person’s own locale and umask', async () => {
    const source = 'import os\nprint(os.environ.get("LC_ALL"), os.umask(0))';
    const task = await stand.submit(stand.cell(source));
    const expected = `${process.env['LC_ALL'] ?? 'None'} ${OWN_UMASK}\n`;
    expect(printed(await stand.follow(task.id))).toBe(expected);
  });

  it('is one task however often the same request comes', async () => {
    const request = stand.cell('print(1)');
    const [first, second] = [await stand.submit(request), await stand.submit(request)];
    expect(second.id).toBe(first.id);
    await stand.follow(first.id);
    expect(readdirSync(join(stand.directory, 'state/here/runs'))).toEqual([first.id]);
  });

  it('fails with the exception in words', async () => {
    const task = await stand.submit(stand.cell('print("before")\n1 / 0'));
    const end = await stand.follow(task.id);
    expect(end.task.phase).toBe('failed');
    expect(end.task.reason).toMatchObject({
      code: 'exception',
      message: 'ZeroDivisionError: division by zero'
    });
    expect(printed(end)).toBe('before\n');
    expect(end.events.some(event => event.type === 'error')).toBe(true);
  });

  it('keeps the exit status of a script', async () => {
    const path = join(stand.directory, 's.py');
    writeFileSync(path, 'import sys\nprint(sys.argv[1])\nsys.exit(3)\n');
    const payload = { kind: 'script' as const, path, arguments: ['a b'] };
    const { id } = await stand.submit(stand.cell('', { payload, target: 'here' }));
    const end = await stand.follow(id);
    expect(end.task).toMatchObject({ phase: 'failed', exitCode: 3 });
    expect(printed(end)).toBe('a b\n');
  });

  it('cancels a running cell and keeps what it printed', async () => {
    const source = 'print("begun", flush=True)\nimport threading\nthreading.Event().wait()';
    const task = await stand.submit(stand.cell(source));
    await stand.follow(task.id, batch => printed(batch) === 'begun\n');
    await stand.cancel(task.id);
    const end = await stand.follow(task.id);
    expect(end.task).toMatchObject({ phase: 'canceled', reason: { code: 'canceled' } });
    expect(printed(end)).toBe('begun\n');
  });

  it('goes on where it was when the service was closed in the middle', async () => {
    const gate = join(stand.directory, 'gate');
    const source = [
      'import os, time',
      'print("first", flush=True)',
      `while not os.path.exists(${JSON.stringify(gate)}): time.sleep(0.01)`,
      'print("second")'
    ].join('\n');
    const task = await stand.submit(stand.cell(source));
    await stand.follow(task.id, batch => printed(batch) === 'first\n');
    await stand.stop();
    writeFileSync(gate, '');
    await stand.restart();
    const end = await stand.follow(task.id);
    expect(end.task.phase).toBe('completed');
    expect(printed(end)).toBe('first\nsecond\n');
  });

  it.each(INTERRUPTED_AFTER)(
    'loses and doubles no line when it goes after %d events',
    async count => {
      const source = [
        'import sys, time',
        'for i in range(30):',
        '    print(i, file=sys.stderr if i % 2 else sys.stdout, flush=True)',
        '    time.sleep(0.06)'
      ].join('\n');
      const task = await stand.submit(stand.cell(source));
      await stand.follow(task.id, ({ events }) => events.length >= count);
      await stand.stop();
      await stand.restart();
      const end = await stand.follow(task.id);
      expect(end.task.phase).toBe('completed');
      expect(printed(end).trim().split('\n').map(Number)).toEqual(
        Array.from({ length: 30 }, (_, i) => i)
      );
      expect(end.events.map(({ index }) => index)).toEqual(end.events.map((_, i) => i + 1));
    }
  );

  it('keeps a refused request as a task with its reason', async () => {
    const task = await stand.submit(stand.cell('print(1)', { target: 'nowhere' }));
    const end = await stand.follow(task.id);
    expect(end.task).toMatchObject({ phase: 'failed', reason: { code: 'target-unknown' } });
    expect(end.task.reason?.hint).toContain('here');
  });

  it('shows a plan without running anything', async () => {
    const payload = stand.cell('import json\nprint(1)');
    const answer = await stand.app.inject({ method: 'POST', url: '/api/plan', payload });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      version: 1,
      target: 'here',
      modules: [],
      rehearsal: null
    });
  });
});
