import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AdoptInput, AdoptReport } from '../../shared/wire/adopt';
import type { Task } from '../../shared/wire/task';
import { printed, ServiceStand, venvPython } from '../../testing/service-stand';

const stands: ServiceStand[] = [];
afterEach(async () => {
  for (const stand of stands.splice(0)) {
    await stand.close();
  }
});

/** A laptop: a service of its own whose target `cluster` leads to a root that others share. */
async function laptop(root: string): Promise<ServiceStand> {
  const stand = await ServiceStand.open(`default = "cluster"
[targets.cluster]
scheduler = "process"
root = ${JSON.stringify(root)}
python = ${JSON.stringify(venvPython)}
environment = "none"
trust = "pickles"
`);
  stands.push(stand);
  return stand;
}

async function adopt(stand: ServiceStand, payload: AdoptInput = {}): Promise<AdoptReport> {
  const answer = await stand.app.inject({ method: 'POST', url: '/api/adopt/cluster', payload });
  expect(answer.statusCode).toBe(200);
  return answer.json<AdoptReport>();
}

/** Two laptops and one root. */
async function twoLaptops(): Promise<{ lost: ServiceStand; fresh: ServiceStand; root: string }> {
  const home = await laptop('/nowhere');
  const root = join(home.directory, 'root');
  return { lost: await laptop(root), fresh: await laptop(root), root };
}

it('takes over a task that ended while its laptop was lost, with outputs and values', async () => {
  const { lost, fresh } = await twoLaptops();
  const source = 'open("made.txt", "w").write("x")\nanswer = 42\nprint("hello")';
  const { id } = await lost.submit(lost.cell(source));
  await lost.follow(id);

  const look = await adopt(fresh, { dryRun: true });
  expect(look.found).toMatchObject([
    { task: id, phase: 'completed', adopted: false, problem: null, notebookPath: 'n.ipynb' }
  ]);
  expect((await fresh.app.inject({ url: `/api/status/${id}` })).statusCode).toBe(404);

  expect((await adopt(fresh)).found).toMatchObject([{ task: id, adopted: true }]);
  const batch = await fresh.follow(id);
  expect(printed(batch)).toContain('hello\n');
  expect(batch.task).toMatchObject({
    phase: 'completed',
    hasUnverified: false,
    files: { count: 1, there: 1 }
  });
  expect(batch.task.adoptedFrom).not.toBeNull();
  // Its times are those of the run, not of the taking over.
  const own = (await lost.app.inject({ url: `/api/status/${id}` })).json<Task>();
  expect(batch.task.endedAt).toBeLessThanOrEqual(own.endedAt ?? 0);
  expect(batch.task.startedAt).toBeLessThanOrEqual(batch.task.endedAt ?? 0);
  const [answer] = batch.task.variables;
  expect(readFileSync(answer?.files[0]?.path ?? '', 'utf8')).toBe('42');
  expect((await adopt(fresh)).found).toEqual([]);
});

it('takes over a task that still runs, and can cancel it', async () => {
  const { lost, fresh, root } = await twoLaptops();
  const source =
    'import time\nprint("up", flush=True)\nwhile True: time.sleep(0.05) # until canceled';
  const { id } = await lost.submit(lost.cell(source));
  await lost.follow(id, ({ events }) => events.some(({ type }) => type === 'stream'));
  await lost.stop();

  expect((await adopt(fresh, { ids: [id] })).found).toMatchObject([
    { task: id, phase: 'running', adopted: true }
  ]);
  await fresh.follow(id, ({ events }) => events.some(({ type }) => type === 'stream'));
  await fresh.cancel(id);
  const { task } = await fresh.follow(id);
  expect(task.phase).toBe('canceled');
  expect(existsSync(join(root, 'runs', id, 'attempts/0/end.json'))).toBe(true);
  await lost.restart();
});

it('leaves what it cannot read, and says why', async () => {
  const { lost, fresh, root } = await twoLaptops();
  const first = await lost.submit(lost.cell('1'));
  const second = await lost.submit(lost.cell('2'));
  await lost.follow(first.id);
  await lost.follow(second.id);
  writeFileSync(join(root, 'runs', first.id, 'run.json'), '{"version": 1');
  const note = readFileSync(join(root, 'runs', second.id, 'run.json'), 'utf8');
  writeFileSync(join(root, 'runs', second.id, 'run.json'), note.replace(second.id, 'sl-another'));

  const { found } = await adopt(fresh);
  expect(found).toHaveLength(2);
  expect(found.map(({ adopted }) => adopted)).toEqual([false, false]);
  expect(found.map(({ problem }) => problem).sort()).toEqual([
    'its run.json cannot be read',
    'its run.json is that of sl-another'
  ]);
});

it('refuses a task that is not there, by name', async () => {
  const { fresh } = await twoLaptops();
  const payload = { ids: ['sl-nothing'] };
  const answer = await fresh.app.inject({ method: 'POST', url: '/api/adopt/cluster', payload });
  expect(answer.statusCode).toBe(409);
  expect(answer.json()).toMatchObject({ error: { code: 'adopt-refused' } });
});
