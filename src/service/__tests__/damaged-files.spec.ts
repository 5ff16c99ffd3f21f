import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printed, ServiceStand, venvPython } from '../../testing/service-stand';

jest.setTimeout(60_000);

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

  it('are those of the worker: the run fails in words, and the next one sends it anew', async () => {
    const run = async (): ReturnType<ServiceStand['follow']> =>
      stand.follow((await stand.submit(stand.cell('print(1)', { target: 'here' }))).id);
    expect(printed(await run())).toBe('1\n');
    const workers = join(stand.directory, 'state/here/worker');
    const [version = ''] = readdirSync(workers);
    const main = join(workers, version, '_sluice/worker/main.py');
    const whole = readFileSync(main, 'utf8');
    chmodSync(main, 0o600);
    writeFileSync(main, '#'.repeat(whole.length));
    expect((await run()).task).toMatchObject({ phase: 'failed' });
    expect(printed(await run())).toBe('1\n');
    expect(readFileSync(main, 'utf8')).toBe(whole);

    chmodSync(main, 0o600);
    writeFileSync(main, '');
    // What a service has just begun knows nothing of it.
    await stand.stop();
    await stand.restart();
    expect(printed(await run())).toBe('1\n');
  });
});
