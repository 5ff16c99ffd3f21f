import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import {
  continuePart,
  down,
  endPart,
  failNode,
  limitJob,
  pausePart,
  readStatus,
  restoreRoot,
  shrinkRoot,
  slurm,
  startJobNow,
  startPart,
  up,
  waitUntilUsable
} from '../control.ts';
import { waitUntil } from '../wait-until.ts';
import { makeScratch } from './scratch.ts';

jest.setTimeout(120_000);

const report = (): void => undefined;
const scratch = makeScratch();
const dir = join(scratch.dir, 'bed');
const isRoot = process.getuid?.() === 0;
const programs = join(scratch.dir, 'programs');
const knobs = {
  accounting: 'on',
  killWait: '2',
  slurmctldParameters: 'preempt_send_user_signal',
  outOfMemory: isRoot ? 'cgroup' : 'poll',
  loginPath: programs
};

beforeAll(async () => {
  mkdirSync(programs);
  await up({ dir, nodeCount: 1, knobs, report });
});

afterAll(async () => {
  await down(dir, { report, remove: true });
  scratch.remove();
});

async function submit(script: string, ...words: string[]): Promise<string> {
  const args = ['--parsable', '--output=/dev/null', '--chdir=/tmp', ...words, '--wrap', script];
  return (await slurm(dir, 'sbatch', args)).trim();
}

async function untilJob(id: string, pattern: RegExp): Promise<string> {
  let text = '';
  const isSo = async (): Promise<boolean> => {
    text = await slurm(dir, 'scontrol', ['show', 'job', id]);
    return pattern.test(text);
  };
  await waitUntil(isSo, 60_000);
  expect(text).toMatch(pattern);
  return text;
}

const accountOf = (id: string): Promise<string> =>
  slurm(dir, 'sacct', ['-X', '-n', '-P', '-j', id, '-o', 'State,ExitCode']);

describe('the accounting', () => {
  it('notes how a job ended, also of one that ended while it was down', async () => {
    const first = await submit('exit 3');
    await untilJob(first, /JobState=FAILED/);
    expect(await accountOf(first)).toBe('FAILED|3:0\n');
    await endPart(dir, 'slurmdbd');
    await expect(accountOf(first)).rejects.toThrow(/Connection refused/);
    const second = await submit('exit 4');
    await untilJob(second, /JobState=FAILED/);
    await startPart(dir, 'slurmdbd');
    const isThere = async (): Promise<boolean> => (await accountOf(second)) === 'FAILED|4:0\n';
    expect(await waitUntil(isThere, 60_000, 200)).toBe(true);
  });

  it('can be stopped and go on', async () => {
    await pausePart(dir, 'slurmdbd');
    expect((await readStatus(dir)).find(({ name }) => name === 'slurmdbd')?.isUp).toBe(false);
    await continuePart(dir, 'slurmdbd');
    expect((await readStatus(dir)).filter(({ isUp }) => !isUp)).toEqual([]);
  });
});

describe('ends of jobs on demand', () => {
  it('a time limit that comes at once', async () => {
    const id = await submit('sleep 100');
    await untilJob(id, /JobState=RUNNING/);
    await limitJob(dir, id, 1);
    await untilJob(id, /JobState=TIMEOUT/);
  });

  it('memory that runs out', async () => {
    const id = await submit('python3 -c "x = bytearray(400 << 20); input()" <&1', '--mem=100');
    await untilJob(id, isRoot ? /JobState=OUT_OF_MEMORY[^]*ExitCode=0:125/ : /ExitCode=0:9/);
  });

  it('a node that fails: the job is over, or waits and starts at once', async () => {
    const once = await submit('sleep 100', '--no-requeue', '--mem=10');
    const again = await submit('sleep 100', '--requeue', '--mem=10');
    await Promise.all([once, again].map(id => untilJob(id, /JobState=RUNNING/)));
    await failNode(dir, 'node1');
    await untilJob(once, /JobState=NODE_FAIL/);
    await untilJob(again, /JobState=PENDING[^]*Restarts=1/);
    await waitUntilUsable(dir);
    await startJobNow(dir, again);
    await untilJob(again, /JobState=RUNNING/);
    await slurm(dir, 'scancel', [again]);
    await untilJob(again, /JobState=CANCELLED/);
  });

  it('preemption by a partition that goes before', async () => {
    const low = await submit('sleep 100', '-p', 'low', '--exclusive', '--requeue', '--mem=10');
    await untilJob(low, /JobState=RUNNING/);
    const high = await submit('sleep 100', '-p', 'high', '--exclusive', '--mem=10');
    await untilJob(low, /JobState=PENDING[^]*Restarts=1/);
    await slurm(dir, 'scancel', [low, high]);
  });
});

describe('a login and its disk', () => {
  it('finds programs that stand in', () => {
    writeFileSync(join(programs, 'sbatch'), '#!/bin/sh\necho stand-in\n', { mode: 0o755 });
    const words = [
      '-F',
      join(dir, 'ssh/config'),
      '-o',
      'BatchMode=yes',
      'sluice-testbed',
      'sbatch'
    ];
    const seen = spawnSync('ssh', words, { encoding: 'utf8', timeout: 30_000 });
    expect(seen.stdout).toBe('stand-in\n');
  });

  it('can be full, for root', async () => {
    const root = join(dir, 'cluster');
    writeFileSync(join(root, 'before'), 'kept');
    if (!isRoot) {
      await expect(shrinkRoot(dir, 65_536)).rejects.toThrow('Only root');
      return;
    }
    await shrinkRoot(dir, 65_536);
    expect(() => writeFileSync(join(root, 'large'), Buffer.alloc(1 << 20))).toThrow('ENOSPC');
    await restoreRoot(dir);
    expect(readFileSync(join(root, 'before'), 'utf8')).toBe('kept');
    expect(existsSync(join(root, 'large'))).toBe(false);
  });
});
