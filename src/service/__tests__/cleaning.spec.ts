import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isTerminal } from '../../shared/phases';
import type { CleanInput, CleanReport } from '../../shared/wire/clean';
import { ServiceStand, venvPython } from '../../testing/service-stand';
import { waitUntil } from '../../testing/wait-until';

const CONFIG = `default = "here"
[targets.here]
python = ${JSON.stringify(venvPython)}
`;

let stand: ServiceStand;
let root: string;
beforeEach(async () => {
  stand = await ServiceStand.open(CONFIG);
  root = join(stand.directory, 'state/here');
});
afterEach(() => stand.close());

const run = async (source: string): Promise<string> => {
  const { id } = await stand.submit(stand.cell(source));
  await stand.follow(id);
  return id;
};
const clean = async (payload: CleanInput): Promise<CleanReport> => {
  const answer = await stand.app.inject({ method: 'POST', url: '/api/clean/here', payload });
  expect(answer.statusCode).toBe(200);
  return answer.json<CleanReport>();
};
const placesOf = (items: { place: string }[]): string[] => items.map(({ place }) => place);

/** Every path below a folder. */
const below = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => join(folder, name));

it('says what would go, then takes it, and the next task runs all the same', async () => {
  const id = await run('x = 1');
  const all = { olderThanDays: 0 };
  const dry = await clean({ ...all, dryRun: true });
  expect(placesOf(dry.removed)).toContain(`runs/${id}`);
  expect(placesOf(dry.kept)).toEqual([expect.stringMatching(/^worker\//)]);
  expect(readdirSync(join(root, 'runs'))).toEqual([id]);

  const done = await clean(all);
  expect(done.removed).toEqual(
    dry.removed.map(item => ({ ...item, ageSeconds: expect.any(Number) as number }))
  );
  expect(readdirSync(join(root, 'runs'))).toEqual([]);
  const again = await run('x = 2');
  expect(readdirSync(join(root, 'runs'))).toEqual([again]);
});

it('leaves a task alone that has not ended', async () => {
  const gate = join(stand.directory, 'gate');
  const waiting = `import os, time\nprint("up", flush=True)\nwhile not os.path.exists(${JSON.stringify(gate)}): time.sleep(0.05)`;
  const { id } = await stand.submit(stand.cell(waiting));
  await stand.follow(id, ({ events }) => events.some(({ type }) => type === 'stream'));
  const { removed, kept } = await clean({ olderThanDays: 0, maxBytes: 0 });
  expect(placesOf(removed)).not.toContain(`runs/${id}`);
  expect(placesOf(kept)).toContain(`runs/${id}`);
  writeFileSync(gate, '');
  const { task } = await stand.follow(id, batch => isTerminal(batch.task.phase));
  expect(task.phase).toBe('completed');
});

it('what Sluice writes there is the person’s alone, whatever the umask', async () => {
  process.umask(0);
  await run('open("made.txt", "w").write("x")\nimport os; os.mkdir("folder")');
  const open = below(root)
    // What the cell itself makes has the person's own umask, inside a folder that is closed.
    .filter(path => !/\/work\/(?:made\.txt|folder)$/.test(path))
    .filter(path => (statSync(path).mode & 0o077) !== 0);
  expect(open).toEqual([]);
});

it('a task’s end has the root cleaned, once a day', async () => {
  await run('x = 1');
  const stamp = join(root, 'cleaned');
  await waitUntil('the root is cleaned', async () => existsSync(stamp));
  const longAgo = new Date(Date.now() - 3 * 86_400_000);
  utimesSync(stamp, longAgo, longAgo);
  await stand.stop();
  await stand.restart();
  await run('x = 2');
  await waitUntil(
    'it is cleaned anew',
    async () => statSync(stamp).mtimeMs > longAgo.getTime() + 86_400_000
  );
});
