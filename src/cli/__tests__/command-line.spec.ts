import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ErrorBody, Health } from '../../shared/wire/service';
import { planSchema } from '../../shared/wire/plan';
import type { Task } from '../../shared/wire/task';
import { isAlive, waitUntil } from '../../testing/wait-until';

jest.setTimeout(60_000);

const packageDir = resolve(__dirname, '../../../sluice');
const program = join(packageDir, 'service/main.cjs');

type Result = { status: number | null; out: string; err: string };

/** The built program with its real service, on the target `here`. */
describe('the command line', () => {
  let folder: string;
  let environment: NodeJS.ProcessEnv;

  const start = (...args: string[]) =>
    spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe']
    });

  async function finish(child: ReturnType<typeof start>): Promise<Result> {
    const ended = new Promise<number | null>(done => child.once('close', done));
    const [out, err, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { status, out, err };
  }
  const sluice = (...args: string[]): Promise<Result> => finish(start(...args));
  const write = (name: string, content: string): void => {
    writeFileSync(join(folder, name), content);
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-'));
    environment = {
      ...process.env,
      SLUICE_STATE: join(folder, 'state'),
      SLUICE_CONFIG: join(folder, 'config.toml'),
      SLURM_CONF: join(folder, 'none.conf'),
      SLUICE_HERE_PYTHON: resolve(packageDir, '../.venv/bin/python')
    };
    write(
      'hello.py',
      'import sys\nprint("hello", sys.argv[1:])\nprint("oops", file=sys.stderr)\nopen("made", "w").write("x")\n'
    );
    write('fail.py', 'raise ValueError("no")\n');
    write('long.py', 'import time\nprint("begun", flush=True)\ntime.sleep(600)\n');
  });
  afterAll(async () => {
    const { pid } = JSON.parse((await sluice('whoami', '--json')).out) as Health;
    process.kill(pid);
    await waitUntil('the service is gone', async () => !isAlive(pid));
    rmSync(folder, { recursive: true });
  });

  it('shows its commands without a service', async () => {
    const { status, out } = await sluice('help');
    expect(status).toBe(0);
    for (const word of [
      'whoami',
      'targets',
      'plan',
      'submit',
      'run',
      'status',
      'list',
      'logs',
      'fetch',
      'cancel',
      'resolve',
      'serve'
    ]) {
      expect(out).toMatch(new RegExp(`^  ${word}\\b`, 'm'));
    }
    expect(existsSync(join(folder, 'state'))).toBe(false);
  });

  it.each([['bogus'], ['status'], ['list', 'bogus'], ['run', '--cpus', 'x', 'here', 'hello.py']])(
    'refuses a wrong line: %s %s',
    async (...args) => {
      const { status, out, err } = await sluice(...args);
      expect([status, out]).toEqual([2, '']);
      expect(err).toMatch(/^error: /);
    }
  );

  it('tells where one is and where one can run', async () => {
    const { status, out } = await sluice('whoami');
    expect([status, out]).toEqual([0, expect.stringContaining(join(folder, 'state'))]);
    expect((await sluice('targets')).out).toMatch(/^here \*? *process /m);
  });

  it('runs a script as if it ran here, and keeps what belongs to it', async () => {
    const ran = await sluice('run', 'here', 'hello.py', '--json', 'a b');
    expect([ran.status, ran.out]).toEqual([0, "hello ['--json', 'a b']\n"]);
    expect(ran.err).toMatch(/^oops$/m);
    const id = /sluice: (sl-\w+) completed/.exec(ran.err)?.[1] ?? '';
    const task = JSON.parse((await sluice('status', id, '--json')).out) as Task;
    expect(task).toMatchObject({ id, phase: 'completed', kind: 'script' });
    expect((await sluice('status', id)).out).toContain('completed (job ');
    expect((await sluice('list', 'completed')).out).toContain(id);
    expect((await sluice('list', 'failed')).out).toBe('No tasks.\n');
    expect((await sluice('logs', id)).out).toContain("hello ['--json', 'a b']");
    expect((await sluice('logs', id, '--follow')).out).toBe("hello ['--json', 'a b']\n");
    expect((await sluice('files', id)).out).toMatch(
      /^made +1 B +other +on here +comes only when it is fetched$/m
    );
    expect((await sluice('fetch', id, 'got')).status).toBe(0);
    expect(readFileSync(join(folder, 'got/work/made'), 'utf8')).toBe('x');
    expect(await sluice('fetch', id, 'got')).toMatchObject({ status: 7, out: '' });
    expect(ran.err).toContain('1 file, 1 B: 1 on here');
    expect((await sluice('files', id)).out).toMatch(/^made +1 B +other +fetched as it is$/m);
    const one = await sluice('fetch', id, 'one', '--file', 'made');
    expect([one.status, one.out]).toEqual([0, `${join(folder, 'one/made')}\n`]);
    expect(readFileSync(join(folder, 'one/made'), 'utf8')).toBe('x');
    expect((await sluice('fetch', id, '--file', 'bogus')).status).not.toBe(0);
  });

  it('ends as the script ends', async () => {
    const { status, out, err } = await sluice('run', 'here', 'fail.py');
    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(/ValueError: no/);
  });

  it('cancels at an interrupt, and waits for the end', async () => {
    const child = start('run', 'here', 'long.py');
    const begun = new Promise(done => child.stdout.once('data', done));
    const result = finish(child);
    await begun;
    child.kill('SIGINT');
    expect(await result).toMatchObject({
      status: 130,
      err: expect.stringMatching(/canceling .*\n(.*\n)*.*canceled/) as string
    });
  });

  it('submits and cancels', async () => {
    const task = JSON.parse((await sluice('submit', '--json', 'here', 'long.py')).out) as Task;
    expect((await sluice('cancel', task.id)).status).toBe(0);
    const { status } = await sluice('logs', task.id, '--follow');
    expect(status).toBe(0);
    const ended = JSON.parse((await sluice('status', task.id, '--json')).out) as Task;
    expect(ended.phase).toBe('canceled');
    const decided = await sluice('resolve', task.id, 'look');
    expect(decided.err).toMatch(/It is known what became of task .*: it is canceled/);
    expect((await sluice('resolve', task.id, 'guess')).status).toBe(2);
    expect((await sluice('cancel')).err).toMatch(/--all/);
    expect((await sluice('cancel', '--all')).out).toBe('Every task has ended.\n');
  });

  it('plans a cell of a saved notebook, with what its other cells tell', async () => {
    const code = (id: string, source: string) => ({ cell_type: 'code', id, metadata: {}, source });
    const cells = [
      code('a', 'import near as n, json\nDATA = "rows.csv"\ndef f():\n    return open(DATA)'),
      code('c', '%%slurm here -i extra.txt\nn.go(json, f(), live)\n')
    ];
    write('n.ipynb', JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
    write('near.py', 'x = 1\n');
    write('rows.csv', '1\n');
    write('extra.txt', '2\n');
    const { status, out } = await sluice('plan', 'n.ipynb', 'c');
    expect([status, out]).toEqual([
      0,
      expect.stringMatching(/^1 module, 2 files, 3 variables, .* would travel to here; nothing/)
    ]);
    const body = planSchema.parse(JSON.parse((await sluice('plan', 'n.ipynb', '2', '--json')).out));
    expect(body).toMatchObject({ target: 'here', cell: { id: 'c' } });
    expect(body.modules.map(({ module }) => module)).toEqual(['near']);
    expect(body.files.map(({ path }) => path).sort()).toEqual(['extra.txt', 'rows.csv']);
    expect(body.variables.map(({ name, format }) => [name, format])).toEqual([
      ['f', 'unknown'],
      ['live', 'unknown'],
      ['DATA', 'unknown']
    ]);
    const without = await sluice('plan', 'n.ipynb', '2', '--json', '-i', '!extra.txt,!live');
    const less = planSchema.parse(JSON.parse(without.out));
    expect(less.variables.map(({ name }) => name)).toEqual(['f', 'DATA']);
    expect(less.files.map(({ path }) => path)).toEqual(['rows.csv']);
  });

  it('rehearses a cell, ends as it ends, and ends it at an interrupt', async () => {
    const code = (id: string, source: string) => ({ cell_type: 'code', id, metadata: {}, source });
    write('hidden.txt', '3\n');
    const wait = 'import pathlib, threading\npathlib.Path(';
    const cells = [
      code('good', 'import near\nprint(near.x)'),
      code('bad', 'name = "".join(["hidden", ".txt"])\nopen(name)'),
      code(
        'long',
        `${wait}${JSON.stringify(join(folder, 'begun'))}).touch()\nthreading.Event().wait()`
      )
    ];
    write('r.ipynb', JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
    const [good, bad] = [
      await sluice('plan', '--rehearse', '--target', 'here', 'r.ipynb', 'good'),
      await sluice('plan', '--rehearse', '--target', 'here', 'r.ipynb', 'bad', '--json')
    ];
    expect([good.status, good.out]).toEqual([0, expect.stringContaining('it needed nothing')]);
    const { rehearsal } = planSchema.parse(JSON.parse(bad.out));
    expect(bad.status).toBe(1);
    expect(rehearsal?.uncaptured.map(({ kind, line }) => [kind, line])).toEqual([['file', 2]]);
    const child = start('plan', '--rehearse', '--target', 'here', 'r.ipynb', 'long');
    const result = finish(child);
    await waitUntil('the rehearsal has begun', async () => existsSync(join(folder, 'begun')));
    child.kill('SIGINT');
    expect(await result).toMatchObject({ status: 130, err: 'sluice: the rehearsal was ended\n' });
  });

  it('plans without any Python, and says so', async () => {
    const before = environment['SLUICE_HERE_PYTHON'];
    environment['SLUICE_HERE_PYTHON'] = join(folder, 'no-python');
    const { status, out, err } = await sluice('plan', 'n.ipynb', 'c', '--json');
    environment['SLUICE_HERE_PYTHON'] = before;
    expect([status, err]).toEqual([0, expect.stringContaining('no Python was asked')]);
    expect(planSchema.parse(JSON.parse(out)).notes[0]?.name).toBe('Python');
  });

  it('sends the data files that a person names for a script', async () => {
    write('reads.py', 'import sys\nprint(open(sys.argv[1]).read())\n');
    const { status, out } = await sluice('run', '-i', 'extra.txt', 'here', 'reads.py', 'extra.txt');
    expect([status, out]).toEqual([0, '2\n\n']);
  });

  it('gives an error in words, and as its REST body', async () => {
    const plain = await sluice('status', 'nope');
    expect([plain.status, plain.out]).toEqual([2, '']);
    expect(plain.err).toMatch(/^sluice: There is no task “nope”\.\n {8}`sluice list`/);
    const json = await sluice('status', 'nope', '--json');
    expect((JSON.parse(json.out) as ErrorBody).error.code).toBe('not-found');
    expect((await sluice('run', 'nowhere', 'hello.py')).status).toBe(3);
  });
});
