import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runShell } from '../../../testing/run-shell';
import { buildInventory, parseInventory } from '../inventory-script';
import { buildRemoval, parseRemoval } from '../removal-script';

jest.setTimeout(60_000);

const HASH = 'ab'.repeat(32);

describe.each(['/bin/dash', '/bin/bash'])('the cleaner’s texts in %s', shell => {
  let folder: string;
  let root: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clean-'));
    root = join(folder, "it's $(the) root");
    await mkdir(root);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const put = async (path: string, text = 'x'): Promise<void> => {
    const whole = join(root, path);
    await mkdir(dirname(whole), { recursive: true });
    await writeFile(whole, text);
  };
  const look = async (queue = '', scheduler: 'slurm' | 'process' = 'slurm') => {
    const squeue = join(folder, 'squeue');
    await writeFile(squeue, `#!/bin/sh\n${queue}\n`, { mode: 0o700 });
    const environment = { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
    const { stdout, status } = await runShell(buildInventory(root, scheduler), {
      shell,
      environment
    });
    expect(status).toBe(0);
    return parseInventory(stdout);
  };

  it('list what is there with its size and age, though files bear a date of no meaning', async () => {
    await put(`blobs/${HASH}`, 'x'.repeat(10_000));
    await put('snapshots/s/modules/0/a.py');
    await put('worker/w/__main__.py');
    const found = await look();
    expect(found.items.map(({ place }) => place).sort()).toEqual([
      `blobs/${HASH}`,
      'snapshots/s',
      'worker/w'
    ]);
    for (const { changedAt, bytes } of found.items) {
      expect(found.now - changedAt).toBeLessThan(3600);
      expect(bytes).toBeGreaterThan(0);
    }
  });

  it('tell open runs from ended ones, and what the open ones need', async () => {
    const spec = JSON.stringify({
      snapshot: `${root}/snapshots/${HASH}`,
      from: `${root}/runs/sl-before/x`
    });
    await put('runs/sl-open/spec.json', spec);
    await put('runs/sl-open/script.sh', `exec python -u ${root}/worker/ab12 ${root}/runs/sl-open`);
    await put('runs/sl-ended/spec.json', spec.replaceAll(HASH, 'cd'.repeat(32)));
    await put('runs/sl-ended/attempts/0/end.json', '{}');
    const found = await look();
    expect([...found.open]).toEqual(['sl-open']);
    expect(found.used).toEqual(
      new Set([
        `blobs/${HASH}`,
        `snapshots/${HASH}`,
        'worker/ab12',
        'runs/sl-before',
        'runs/sl-open'
      ])
    );
  });

  it('read the queue, and tell an empty one from none', async () => {
    await put('runs/sl-a/spec.json');
    expect(
      (
        await look(
          'echo sl-abc PENDING; echo other RUNNING; echo sl-def PREEMPTED; echo sl-old COMPLETED'
        )
      ).queued
    ).toEqual(new Set(['sl-abc', 'sl-def']));
    expect((await look('exit 0')).queued).toEqual(new Set());
    expect((await look('exit 1')).queued).toBeNull();
    expect((await look('', 'process')).queued).toBeNull();
  });

  it('say nothing of a root that is not there, or is empty', async () => {
    expect((await look()).items).toEqual([]);
    await rm(root, { recursive: true });
    expect(await look()).toMatchObject({ root: '', items: [] });
  });

  it('pass over names that are not ours', async () => {
    await put('runs/with space/x');
    await put('runs/$(touch canary)/x');
    expect((await look()).items).toEqual([]);
  });

  it('remove what is named and nothing else, also what a job made read-only', async () => {
    await put('runs/sl-a/attempts/0/work/closed/file');
    await put('runs/sl-b/spec.json');
    await put('blobs/one');
    await writeFile(join(folder, 'outside'), 'mine');
    await symlink(join(folder, 'outside'), join(root, 'runs/sl-a/attempts/0/work/link'));
    const removal = buildRemoval(root, ['runs/sl-a', 'blobs/one', 'blobs/gone'], 'nonce');
    const { stdout, status } = await runShell(removal, { shell });
    expect(status).toBe(0);
    expect(parseRemoval(stdout)).toEqual(['runs/sl-a', 'blobs/one']);
    expect(await readdir(join(root, 'runs'))).toEqual(['sl-b']);
    expect(await readdir(join(root, 'trash'))).toEqual([]);
    expect(existsSync(join(folder, 'outside'))).toBe(true);
  });

  it('take a thousand things at once', async () => {
    const places = Array.from({ length: 1000 }, (_, index) => `blobs/${index}`);
    await mkdir(join(root, 'blobs'));
    await Promise.all(places.map(place => writeFile(join(root, place), '')));
    const { stdout } = await runShell(buildRemoval(root, places, 'n'), { shell });
    expect(parseRemoval(stdout)).toHaveLength(1000);
    expect(await readdir(join(root, 'blobs'))).toEqual([]);
  });
});

it('nothing outside its folders can be named for removal', () => {
  for (const place of [
    '..',
    'runs/..',
    'runs/../../etc',
    '/etc',
    'runs/a/b',
    'runs/',
    'claim',
    'runs/a b'
  ]) {
    expect(() => buildRemoval('/r', [place], 'n')).toThrow('not a place');
  }
});
