import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyCapture } from '../../../shared/wire/empty-capture';
import type { FileAction, FileList, TaskFile } from '../../../shared/wire/files';
import type { SubmitInput } from '../../../shared/wire/submit';
import type { Task } from '../../../shared/wire/task';
import { printed, ServiceStand, venvPython } from '../../../testing/service-stand';
import { waitUntil } from '../../../testing/wait-until';

jest.setTimeout(120_000);

const MANY = process.env['SLUICE_TEST_ALL'] === '1' ? 200_000 : 5_000;

/** What a training run does: it goes on where the last one was, and leaves plots and checkpoints. */
const TRAINING = [
  'import os, pathlib',
  'log = pathlib.Path("train.log")',
  'epoch = len(log.read_text().splitlines()) if log.exists() else 0',
  'with log.open("a") as out: out.write(f"epoch {epoch}\\n")',
  'os.makedirs("plots", exist_ok=True); os.makedirs("checkpoints", exist_ok=True)',
  'pathlib.Path("plots/loss.png").write_bytes(b"PNG %d" % epoch)',
  'pathlib.Path(f"checkpoints/epoch-{epoch}.pt").write_bytes(bytes([epoch]) * 300_000)',
  'pathlib.Path("data.csv").open("a").write(f"{epoch}\\n")',
  'print("epoch", epoch)'
].join('\n');

describe('files that a task writes', () => {
  let stand: ServiceStand;
  let home: string;
  let before: number;

  beforeEach(async () => {
    before = process.umask(0o022);
    stand = await ServiceStand.open(`[targets.here]\npython = ${JSON.stringify(venvPython)}\n`);
    home = mkdtempSync(join(tmpdir(), 'home-'));
    mkdirSync(join(home, 'nb'));
  });

  afterEach(async () => {
    await stand.close();
    process.umask(before);
    rmSync(home, { recursive: true, force: true });
  });

  const folder = (): string => join(home, 'nb');
  const path = (...names: string[]): string => join(folder(), ...names);
  const read = (...names: string[]): string => readFileSync(path(...names), 'utf8');

  const request = (source: string, change: Partial<SubmitInput> = {}): SubmitInput =>
    stand.cell(source, {
      origin: { notebookPath: join(folder(), 'n.ipynb'), cellId: 'c', kernelId: null },
      projectDir: folder(),
      capture: {
        ...emptyCapture(),
        host: 'laptop',
        nonce: stand.nonce,
        cwd: folder(),
        accepts: ['json']
      },
      ...change
    });

  const run = async (source: string, change: Partial<SubmitInput> = {}): Promise<Task> => {
    const { id } = await stand.submit(request(source, change));
    return (await stand.follow(id)).task;
  };

  const list = async (id: string): Promise<FileList> =>
    (await stand.app.inject({ url: `/api/files/${id}` })).json<FileList>();

  const filesOf = async (id: string): Promise<Record<string, TaskFile>> =>
    Object.fromEntries((await list(id)).files.map(file => [file.path, file]));

  const act = async (id: string, action: Partial<FileAction>): Promise<number> => {
    const payload = { paths: null, ...action };
    const answer = await stand.app.inject({ method: 'POST', url: `/api/files/${id}`, payload });
    return answer.statusCode;
  };

  const arrived = (id: string): Promise<void> =>
    waitUntil('the files are settled', async () =>
      Object.values(await filesOf(id)).every(({ state }) => state !== 'fetching')
    );

  it('come home, are listed, and are found by the next cell', async () => {
    writeFileSync(path('data.csv'), 'x\n');
    const source = `open("data.csv").read()\n${TRAINING}`;
    const first = await run(source);
    expect(first).toMatchObject({
      phase: 'completed',
      files: { count: 4, home: 3, there: 1, pinned: true }
    });
    expect([read('train.log'), read('plots', 'loss.png'), read('data.csv')]).toEqual([
      'epoch 0\n',
      'PNG 0',
      'x\n0\n'
    ]);
    expect(existsSync(path('checkpoints'))).toBe(false);
    const mode = (name: string): number => statSync(path(name)).mode & 0o777;
    expect([mode('plots'), mode('plots/loss.png')]).toEqual([0o755, 0o644]);
    expect(await filesOf(first.id)).toMatchObject({
      'data.csv': { isNew: false, state: 'home', kind: 'table', localPath: path('data.csv') },
      'plots/loss.png': { isNew: true, state: 'home', kind: 'picture' },
      'train.log': { isNew: true, state: 'home', kind: 'log' },
      'checkpoints/epoch-0.pt': { state: 'there', kind: 'checkpoint', bytes: 300_000 }
    });
    const second = await run(source);
    expect(printed(await stand.follow(second.id))).toBe('epoch 1\n');
    expect([read('train.log'), read('plots', 'loss.png')]).toEqual(['epoch 0\nepoch 1\n', 'PNG 1']);
    expect(Object.keys(await filesOf(second.id))).toEqual([
      'checkpoints/epoch-1.pt',
      'data.csv',
      'plots/loss.png',
      'train.log'
    ]);
    const reader = await run(
      'import os\nprint(sorted(os.listdir("checkpoints")), len(open("checkpoints/epoch-0.pt").read()))'
    );
    expect(printed(await stand.follow(reader.id))).toBe("['epoch-0.pt', 'epoch-1.pt'] 300000\n");
    expect(reader.files).toBeNull();
    const works = [first, second].map(({ id }) =>
      join(stand.directory, 'state/here/runs', id, 'attempts/0/work/train.log')
    );
    expect(works.map(work => readFileSync(work, 'utf8'))).toEqual([
      'epoch 0\n',
      'epoch 0\nepoch 1\n'
    ]);
  });

  it('never lie over what a person changed meanwhile', async () => {
    writeFileSync(path('data.csv'), 'x\n');
    const gate = join(home, 'gate');
    const source = [
      'import os, time, pathlib',
      'open("data.csv").read()',
      `while not os.path.exists(${JSON.stringify(gate)}): time.sleep(0.01)`,
      'pathlib.Path("data.csv").write_text("from there")',
      'pathlib.Path("new.txt").write_text("from there")'
    ].join('\n');
    const { id } = await stand.submit(request(source));
    await stand.follow(id, ({ task }) => task.phase === 'running');
    writeFileSync(path('data.csv'), 'a person’s\n');
    writeFileSync(path('new.txt'), 'a person’s\n');
    writeFileSync(gate, '');
    await stand.follow(id);
    const word = id.slice(0, 9);
    expect([read('data.csv'), read('new.txt')]).toEqual(['a person’s\n', 'a person’s\n']);
    expect([read(`data.${word}.csv`), read(`new.${word}.txt`)]).toEqual([
      'from there',
      'from there'
    ]);
    expect(await filesOf(id)).toMatchObject({
      'data.csv': { state: 'beside', localPath: path(`data.${word}.csv`) },
      'new.txt': { state: 'beside', localPath: path(`new.${word}.txt`) }
    });
  });

  it('are told and come home when the cell fails', async () => {
    const task = await run('open("a.log", "w").write("x")\n1 / 0');
    expect(task).toMatchObject({ phase: 'failed', files: { count: 1, home: 1 } });
    expect(read('a.log')).toBe('x');
  });

  it('are told when the worker was killed', async () => {
    const task = await run(
      'import os, signal\nopen("a.log", "w").write("x")\nos.symlink("/etc/passwd", "p.txt")\n' +
        'os.kill(os.getpid(), signal.SIGKILL)'
    );
    expect(task.phase).not.toBe('completed');
    expect(await filesOf(task.id)).toMatchObject({
      'a.log': { state: 'home', bytes: 1 },
      'p.txt': { state: 'refused', reason: 'it is a symbolic link' }
    });
    expect(read('a.log')).toBe('x');
    expect(existsSync(path('p.txt'))).toBe(false);
  });

  it('are fetched one by one, into a folder, and dismissed', async () => {
    const { id } = await run(
      'for name in ("a.pt", "b.pt", "c.pt"): open(name, "w").write(name * 3_000_000)'
    );
    expect(Object.values(await filesOf(id)).map(({ state }) => state)).toEqual([
      'there',
      'there',
      'there'
    ]);
    const into = join(home, 'chosen');
    expect(await act(id, { action: 'fetch', paths: ['a.pt'] })).toBe(200);
    await arrived(id);
    expect(await act(id, { action: 'fetch', paths: ['b.pt'], into })).toBe(200);
    await arrived(id);
    expect(statSync(into).mode & 0o777).toBe(0o755);
    expect(await act(id, { action: 'dismiss' })).toBe(200);
    expect(await filesOf(id)).toMatchObject({
      'a.pt': { state: 'home', localPath: path('a.pt') },
      'b.pt': { state: 'home', localPath: join(into, 'b.pt') },
      'c.pt': { state: 'dismissed' }
    });
    expect(read('a.pt')).toBe('a.pt'.repeat(3_000_000));
    expect(readFileSync(join(into, 'b.pt'), 'utf8')).toBe('b.pt'.repeat(3_000_000));
    expect((await list(id)).summary).toMatchObject({ home: 2, there: 0, pinned: false });
    expect(await act(id, { action: 'fetch', paths: ['nothing'] })).toBe(404);
    expect(readdirSync(folder()).sort()).toEqual(['a.pt']);
  });

  it('are settled when all were fetched as they are, and still found by the next cell', async () => {
    const { id } = await run('for name in ("a.pt", "b.txt"): open(name, "w").write(name)');
    expect((await list(id)).summary).toMatchObject({ home: 1, there: 1, pinned: true });
    const tar = await stand.app.inject({ url: `/api/fetch/${id}` });
    expect(tar.rawPayload.includes('a.pt')).toBe(true);
    expect(await filesOf(id)).toMatchObject({
      'a.pt': { state: 'taken', localPath: null },
      'b.txt': { state: 'home' }
    });
    expect((await list(id)).summary).toMatchObject({ home: 1, taken: 1, there: 0, pinned: false });
    const reader = await run('print(open("a.pt").read())');
    expect(printed(await stand.follow(reader.id))).toBe('a.pt\n');
    expect(await act(id, { action: 'fetch', paths: ['a.pt'] })).toBe(200);
    await arrived(id);
    expect(read('a.pt')).toBe('a.pt');
  });

  it('stay where they are when fetching all of them is cut off', async () => {
    const { id } = await run('open("a.pt", "wb").truncate(100_000_000)');
    const url = await stand.app.listen({ port: 0, host: '127.0.0.1' });
    const gone = new AbortController();
    const answer = await fetch(`${url}/api/fetch/${id}`, { signal: gone.signal });
    expect(answer.status).toBe(200);
    await answer.body?.getReader().read();
    gone.abort();
    const { server } = stand.app;
    const connections = (): Promise<number> =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
      });
    await waitUntil('the service has seen it', async () => (await connections()) === 0);
    expect((await list(id)).summary).toMatchObject({ there: 1, pinned: true });
  });

  it('follow the rules of the configuration and of the task', async () => {
    writeFileSync(
      path('sluice.toml'),
      '[fetch]\ninclude = ["best.pt"]\nexclude = ["*.log", "*.pt"]\n'
    );
    const source =
      'for name in ("best.pt", "last.pt", "a.log", "a.png", "mod.py"): open(name, "w").write(name)';
    const states = async (change: Partial<SubmitInput>): Promise<string> => {
      const task = await run(source, change);
      return (await list(task.id)).files
        .filter(({ state }) => state === 'home' || state === 'beside')
        .map(file => file.path)
        .join(' ');
    };
    expect(await states({})).toBe('a.png best.pt');
    expect(await states({ fetch: { include: ['last.pt'], none: true } })).toBe('last.pt');
    const bad = await run(source, { fetch: { include: [''], none: false } });
    expect(bad).toMatchObject({ phase: 'failed', reason: { code: 'request-invalid' } });
  });

  it(`are listed when there are ${MANY}`, async () => {
    const task = await run(
      'import os\n' +
        `for folder in range(${MANY / 1000}):\n` +
        '    os.makedirs(f"d{folder}")\n' +
        '    for number in range(1000): os.close(os.open(f"d{folder}/{number}.pt", os.O_CREAT))'
    );
    expect(task).toMatchObject({ phase: 'completed', files: { count: MANY, there: MANY } });
    const url = `/api/files/${task.id}?offset=${MANY - 1}&limit=5`;
    const last = (await stand.app.inject({ url })).json<FileList>();
    expect([last.files.length, last.nextOffset]).toEqual([1, null]);
  });

  it('are all in the archive', async () => {
    const { id } = await run('open("a.pt", "w").write("x")');
    const answer = await stand.app.inject({ url: `/api/fetch/${id}` });
    expect(answer.statusCode).toBe(200);
    expect(answer.rawPayload.length % 512).toBe(0);
    expect(answer.rawPayload.includes('work/a.pt')).toBe(true);
    rmSync(join(stand.directory, 'state/here/runs', id), { recursive: true });
    const gone = await stand.app.inject({ url: `/api/fetch/${id}` });
    expect([gone.statusCode, gone.json<{ error: { code: string } }>().error.code]).toEqual([
      502,
      'download-failed'
    ]);
  });
});
