import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runShell } from '../../../testing/run-shell';
import type { ITransport } from '../../transports/transport';
import { cleanUpRoot, tryRoot } from '../root-trial';

const TWO_DAYS_S = 2 * 86_400;

describe('the trial of a root', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'root-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** This machine, with these folders first on its path. */
  function machine(...first: string[]): ITransport {
    const path = [...first, process.env['PATH']].join(':');
    const run = async (script: string) => {
      const answer = await runShell(script, { environment: { ...process.env, PATH: path } });
      return { ...answer, stdout: Buffer.from(answer.stdout) };
    };
    return { host: 'moon', run } as Partial<ITransport> as ITransport;
  }
  const { signal } = new AbortController();

  it('makes the root where it is not there, and takes away what it made alone', async () => {
    const root = join(folder, "it's a $(root)");
    const made = await tryRoot(machine(), { root, key: 'k1', target: 'moon' }, signal);
    expect(made).toMatchObject({ hasMadeRoot: true, finding: { state: 'passed' } });
    expect(readdirSync(join(root, 'doctor/k1'))).toEqual([]);
    await cleanUpRoot(machine(), root, 'k1', made.hasMadeRoot);
    expect(existsSync(root)).toBe(false);
    mkdirSync(join(root, 'doctor/other'), { recursive: true });
    const found = await tryRoot(machine(), { root, key: 'k1', target: 'moon' }, signal);
    expect(found.hasMadeRoot).toBe(false);
    await cleanUpRoot(machine(), root, 'k1', true);
    expect(readdirSync(join(root, 'doctor'))).toEqual(['other']);
  });

  it('removes what a cut run left days ago', async () => {
    const [old, fresh] = ['old', 'fresh'].map(name => join(folder, 'doctor', name));
    mkdirSync(old ?? '', { recursive: true });
    mkdirSync(fresh ?? '', { recursive: true });
    const then = Date.now() / 1000 - TWO_DAYS_S;
    utimesSync(old ?? '', then, then);
    await tryRoot(machine(), { root: folder, key: 'k1', target: 'moon' }, signal);
    expect(readdirSync(join(folder, 'doctor')).sort()).toEqual(['fresh', 'k1']);
  });

  it('tells a full disk from a place that may not be written', async () => {
    // As dd does on a disk without room: it writes what fits, and says so.
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    const words = "dd: error writing 'trial': No space left on device";
    writeFileSync(join(bin, 'dd'), `#!/bin/sh\nprintf x >trial\necho "${words}" >&2\nexit 1\n`);
    chmodSync(join(bin, 'dd'), 0o755);
    const full = await tryRoot(
      machine(bin),
      { root: join(folder, 'root'), key: 'k1', target: 'moon' },
      signal
    );
    expect(full.finding).toMatchObject({
      state: 'failed',
      problem: { code: 'disk-full', details: { root: join(folder, 'root'), host: 'moon' } }
    });
    expect(full.finding.found).toContain('No space left on device');
    const below = await tryRoot(
      machine(),
      { root: join(bin, 'dd', 'root'), key: 'k1', target: 'moon' },
      signal
    );
    expect(below.finding).toMatchObject({ state: 'failed', problem: { code: 'root-unusable' } });
  });
});
