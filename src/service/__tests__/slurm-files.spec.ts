import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { down, readEnvironment, up } from '../../../testbed/control';
import { makeScratch } from '../../../testbed/__tests__/scratch';
import { emptyCapture } from '../../shared/wire/empty-capture';
import type { FileList } from '../../shared/wire/files';
import type { Task } from '../../shared/wire/task';
import { printed, ServiceStand } from '../../testing/service-stand';
import { sha256 } from '../sync/sha256';

jest.setTimeout(120_000);

const scratch = makeScratch();
const bed = join(scratch.dir, 'bed');
const folder = join(scratch.dir, 'notebooks');
const report = (): void => undefined;
let stand: ServiceStand;

/** Goes on from its own log, makes plots and a checkpoint, and changes a file that had travelled. */
const TRAINING = [
  'import os, pathlib',
  'open("data.csv").read()',
  'log = pathlib.Path("train.log")',
  'epoch = len(log.read_text().splitlines()) if log.exists() else 0',
  'with log.open("a") as out: out.write(f"epoch {epoch}\\n")',
  'with open("data.csv", "a") as out: out.write(f"{epoch}\\n")',
  'os.makedirs("plots", exist_ok=True); os.makedirs("checkpoints", exist_ok=True)',
  'pathlib.Path(f"plots/{epoch}.png").write_bytes(os.urandom(5_000))',
  'pathlib.Path(f"checkpoints/{epoch}.pt").write_bytes(bytes([epoch]) * 6_000_000)'
].join('\n');

beforeAll(async () => {
  await up({ dir: bed, nodeCount: 2, report });
  const environment = await readEnvironment(bed);
  const config = readFileSync(environment['SLUICE_CONFIG'] ?? '', 'utf8');
  stand = await ServiceStand.open(config, environment);
  mkdirSync(folder);
  writeFileSync(join(folder, 'data.csv'), 'x\n');
});

afterAll(async () => {
  await stand.close();
  await down(bed, { report, remove: true });
  scratch.remove();
});

const run = async (source: string): Promise<Task> => {
  const { id } = await stand.submit(
    stand.cell(source, {
      target: 'testbed',
      origin: { notebookPath: join(folder, 'n.ipynb'), cellId: 'c', kernelId: null },
      capture: {
        ...emptyCapture(),
        host: 'laptop',
        nonce: stand.nonce,
        cwd: folder,
        accepts: ['json']
      }
    })
  );
  return (await stand.follow(id)).task;
};

const states = async (id: string): Promise<Record<string, string>> => {
  const list = (await stand.app.inject({ url: `/api/files/${id}` })).json<FileList>();
  return Object.fromEntries(list.files.map(({ path, state }) => [path, state]));
};

const here = (path: string): string => readFileSync(join(folder, path), 'utf8');

/** What lies in a task’s root that all tasks share. */
const shared = (task: Task): Record<string, string> => {
  const root = join(task.directory ?? '', '../../snapshots');
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter(each =>
    each.isFile()
  );
  return Object.fromEntries(
    files.map(each => {
      const path = join(each.parentPath, each.name);
      return [path, sha256(readFileSync(path))];
    })
  );
};

describe('files of a job, through a real Slurm over SSH', () => {
  it('come home or are listed, and a second cell finds them', async () => {
    const first = await run(TRAINING);
    expect(first).toMatchObject({ phase: 'completed', files: { count: 4, home: 3, there: 1 } });
    const sent = shared(first);
    expect(Object.keys(sent).length).toBeGreaterThan(0);
    const second = await run(TRAINING);
    expect(second).toMatchObject({ phase: 'completed', files: { count: 4, home: 3, there: 1 } });
    expect(await states(second.id)).toEqual({
      'checkpoints/1.pt': 'there',
      'data.csv': 'home',
      'plots/1.png': 'home',
      'train.log': 'home'
    });
    expect([here('train.log'), here('data.csv')]).toEqual(['epoch 0\nepoch 1\n', 'x\n0\n1\n']);
    expect(readdirSync(join(folder, 'plots')).sort()).toEqual(['0.png', '1.png']);
    expect(existsSync(join(folder, 'checkpoints'))).toBe(false);
    const own = (task: Task, path: string): string =>
      readFileSync(join(task.directory ?? '', 'attempts/0/work', path), 'utf8');
    expect([own(first, 'train.log'), own(second, 'train.log')]).toEqual([
      'epoch 0\n',
      'epoch 0\nepoch 1\n'
    ]);
    expect(shared(second)).toMatchObject(sent);

    const reader = await run(
      'import os\nprint(sorted(os.listdir("checkpoints")), os.path.getsize("checkpoints/0.pt"))'
    );
    expect(printed(await stand.follow(reader.id))).toBe("['0.pt', '1.pt'] 6000000\n");
    expect(reader.files).toBeNull();
  });
});
