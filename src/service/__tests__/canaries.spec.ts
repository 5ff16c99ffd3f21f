import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { recordTrials } from '../../testing/record-trials';
import { printed, ServiceStand, venvPython } from '../../testing/service-stand';
import { ROUTE_RULES } from '../routes/route-rules';

jest.setTimeout(120_000);

/** The cell reads its own key, and looks for it in all that other processes can see of the job. */
const LOOK = `import glob, json, os

# In a function: what a cell binds comes home, and this is a secret.
def look():
    with open(os.path.join(os.getcwd().split("/attempts/")[0], "spec.json")) as file:
        key = json.load(file)["eventKey"]
    seen = []
    for path in glob.glob("/proc/[0-9]*/cmdline") + glob.glob("/proc/[0-9]*/environ"):
        try:
            with open(path, "rb") as file:
                seen.append(file.read().decode("latin-1"))
        except OSError:
            pass
    return len(seen) > 1, any(key in text for text in seen)

print(*look())`;

/** The key that seals a task's events, looked for wherever it must not be. */
describe('the key of a task', () => {
  let stand: ServiceStand;

  beforeAll(async () => {
    stand = await ServiceStand.open(`[targets.here]\npython = ${JSON.stringify(venvPython)}\n`, {});
  });

  afterAll(async () => {
    await stand.close();
  });

  function filesBelow(folder: string): string[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name));
  }

  it('is in its record and its spec, and nowhere else', async () => {
    const { id } = await stand.submit(stand.cell(LOOK, { target: 'here' }));
    const end = await stand.follow(id);
    expect([end.task.phase, printed(end)]).toEqual(['completed', 'True False\n']);

    const state = join(stand.directory, 'state');
    const database = new DatabaseSync(join(state, 'store.db'), { readOnly: true });
    const rows = database.prepare('SELECT * FROM tasks WHERE id = ?').all(id);
    database.close();
    const key = /"eventKey":"([0-9a-f]{64})"/.exec(JSON.stringify(rows).replaceAll('\\', ''))?.[1];
    expect(key).toBeDefined();
    const secret = key ?? '';

    const holders = filesBelow(state).filter(path => readFileSync(path).includes(secret));
    const names = holders.map(path => path.slice(state.length + 1).replace(id, 'TASK'));
    const allowed = /^(store\.db(-wal|-journal)?|here\/runs\/TASK\/spec\.json)$/;
    expect(names.filter(name => !allowed.test(name))).toEqual([]);
    expect(names.some(name => name.endsWith('spec.json'))).toBe(true);
    expect(holders.map(path => statSync(path).mode & 0o077)).toEqual(holders.map(() => 0));

    const gets = ROUTE_RULES.filter(
      ({ method, path }) =>
        method === 'GET' && path !== '/api/events' && stand.app.hasRoute({ method, url: path })
    );
    const said: string[] = [];
    for (const { path } of gets) {
      const url = path.replace(':id', id).replace(':sha256', '0'.repeat(64));
      // The archive is the person's own files, of which the spec is none.
      said.push((await stand.app.inject({ url })).payload);
    }
    expect(gets.length).toBeGreaterThan(10);
    expect(said.join('').includes(secret)).toBe(false);
    recordTrials({
      suite: 'secrets',
      point: 'the key of a task',
      trials: filesBelow(state).length + gets.length,
      counts: { leaks: 0 }
    });
  });
});
