import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printed, ServiceStand, venvPython } from '../../testing/service-stand';

describe('files that were damaged on the host', () => {
  let stand: ServiceStand;

  beforeEach(async () => {
    stand = await ServiceStand.open(`[targets.here]\npython = ${JSON.stringify(venvPython)}\n`);
  });

  afterEach(async () => {
    await stand.close();
  });

  it('are refused before any line runs, and sent anew with the next run', async () => {
    const path = join(stand.directory, 's.py');
    writeFileSync(path, 'import helper\nprint(helper.word)\n');
    writeFileSync(join(stand.directory, 'helper.py'), 'word = "right"\n');
    const run = async (): ReturnType<ServiceStand['follow']> => {
      const payload = { kind: 'script' as const, path, arguments: [] };
      return stand.follow((await stand.submit(stand.cell('', { payload, target: 'here' }))).id);
    };
    expect(printed(await run())).toBe('right\n');
    const snapshots = join(stand.directory, 'state/here/snapshots');
    const [hash = ''] = readdirSync(snapshots);
    const module = join(snapshots, hash, 'modules/0/helper.py');
    chmodSync(module, 0o600);
    // Of the same size, so that only the worker sees it.
    writeFileSync(module, 'word = "wrong"\n');
    const refused = await run();
    expect(refused.task).toMatchObject({ phase: 'failed' });
    expect(refused.task.reason?.message).toContain('is sent anew');
    expect(printed(refused)).toBe('');
    expect(printed(await run())).toBe('right\n');
  });
});
