import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dropConnections, down, readEnvironment, slurm, up } from '../../../testbed/control';
import { makeScratch } from '../../../testbed/__tests__/scratch';
import { freePort, makeKey } from '../../testing/loopback-sshd';
import { printed, ServiceStand } from '../../testing/service-stand';
import { emptyCapture } from '../../shared/wire/empty-capture';
import type { SubmitInput } from '../../shared/wire/submit';
import type { Task } from '../../shared/wire/task';

jest.setTimeout(120_000);

const scratch = makeScratch();
const bed = join(scratch.dir, 'bed');
const report = (): void => undefined;
const capture: NonNullable<SubmitInput['capture']> = {
  ...emptyCapture(),
  host: 'laptop',
  cwd: scratch.dir,
  accepts: ['json', 'npy']
};
let stand: ServiceStand;

/** The testbed's own targets, and one for each thing that can be wrong. */
async function writeTargets(): Promise<string> {
  const { SLUICE_CONFIG: path = '' } = await readEnvironment(bed);
  const config = readFileSync(path, 'utf8');
  const sshConfig = join(bed, 'ssh/config');
  const ssh = readFileSync(sshConfig, 'utf8');
  const write = (name: string, text: string): string => {
    const file = join(scratch.dir, name);
    writeFileSync(file, text);
    return file;
  };
  const other = await makeKey(join(scratch.dir, 'other'), 'ed25519');
  const known = readFileSync(join(bed, 'ssh/known_hosts'), 'utf8');
  const host = known.split(' ')[0] ?? '';
  const change = (name: string, from: RegExp, to: string): string =>
    write(`${name}.ssh`, ssh.replace(from, to));
  const broken = {
    closed: change('closed', /Port \S+/, `Port ${await freePort()}`),
    stranger: change('stranger', /IdentityFile .*/, `IdentityFile ${join(scratch.dir, 'other')}`),
    unknown: change('unknown', /UserKnownHostsFile .*/, `UserKnownHostsFile ${write('none', '')}`),
    changed: change(
      'changed',
      /UserKnownHostsFile .*/,
      `UserKnownHostsFile ${write('changed', `${host} ${other}\n`)}`
    )
  };
  const body = /\[targets\.testbed\]\n([^[]*)/.exec(config)?.[1] ?? '';
  const targets = Object.entries(broken).map(
    ([name, file]) =>
      `[targets.${name}]\n${body.replace(/ssh_config = .*/, `ssh_config = ${JSON.stringify(file)}`)}`
  );
  const bare = `[targets.bare]\n${body.replace(/python = .*/, 'python = "/nowhere/python"')}`;
  return [config, ...targets, bare].join('\n');
}

beforeAll(async () => {
  await up({ dir: bed, nodeCount: 2, report });
  stand = await ServiceStand.open(await writeTargets(), await readEnvironment(bed));
});

afterAll(async () => {
  await stand.close();
  await down(bed, { report, remove: true });
  scratch.remove();
});

const end = async (request: SubmitInput): Promise<Task> => {
  const { id } = await stand.submit(request);
  return (await stand.follow(id)).task;
};

describe('the road of a cell through a real Slurm', () => {
  it('streams while the job runs, under the task’s key, and completes', async () => {
    const source =
      'import os\nprint("job", os.environ["SLURM_JOB_ID"], flush=True)\ninput_gate = 1';
    const { id } = await stand.submit(stand.cell(source));
    const { task, events } = await stand.follow(id);
    expect(task).toMatchObject({ phase: 'completed', target: 'testbed', scheduler: 'slurm' });
    expect(printed({ events })).toBe(`job ${task.jobId}\n`);
    const named = await slurm(bed, 'squeue', ['-h', '-t', 'all', '-o', '%i %j']);
    expect(named).toContain(`${task.jobId} ${id}`);
  });

  it('comes back to a running job after the connection was cut', async () => {
    const gate = join(scratch.dir, 'gate');
    const source = [
      'import os, time',
      'print("first", flush=True)',
      `while not os.path.exists(${JSON.stringify(gate)}): time.sleep(0.01)`,
      'print("second")'
    ].join('\n');
    const { id } = await stand.submit(stand.cell(source));
    await stand.follow(id, batch => printed(batch) === 'first\n');
    await dropConnections(bed);
    writeFileSync(gate, '');
    const batch = await stand.follow(id);
    expect(batch.task.phase).toBe('completed');
    expect(printed(batch)).toBe('first\nsecond\n');
  });

  it('cancels a job that waits, and one that runs', async () => {
    const held = await stand.submit(stand.cell('1', { resources: { sbatch: ['--hold'] } }));
    const waiting = await stand.follow(held.id, ({ task }) => task.reason?.code === 'held');
    expect(waiting.task).toMatchObject({ phase: 'queued', reason: { token: 'JobHeldUser' } });
    await stand.cancel(held.id);
    expect((await stand.follow(held.id)).task.phase).toBe('canceled');

    const source = 'print("on", flush=True)\nimport threading\nthreading.Event().wait()';
    const { id } = await stand.submit(stand.cell(source));
    await stand.follow(id, batch => printed(batch) === 'on\n');
    await stand.cancel(id);
    const over = await stand.follow(id);
    expect(over.task).toMatchObject({ phase: 'canceled', reason: { code: 'canceled' } });
    expect(printed(over)).toBe('on\n');
  });

  it('tells a time limit from a cancel', async () => {
    const source = 'print("on", flush=True)\nimport threading\nthreading.Event().wait()';
    const { id } = await stand.submit(stand.cell(source));
    const { task } = await stand.follow(id, batch => printed(batch) === 'on\n');
    await slurm(bed, 'scontrol', ['update', `JobId=${task.jobId}`, 'EndTime=now+1seconds']);
    expect((await stand.follow(id)).task).toMatchObject({
      phase: 'timed-out',
      reason: { code: 'time-limit' }
    });
  });
});

describe('a site that allows one session a connection', () => {
  const narrow = join(scratch.dir, 'narrow');
  let there: ServiceStand;

  beforeAll(async () => {
    await up({ dir: narrow, nodeCount: 1, knobs: { maxSessions: '1' }, report });
    const environment = await readEnvironment(narrow);
    const config = readFileSync(environment['SLUICE_CONFIG'] ?? '', 'utf8');
    there = await ServiceStand.open(config, environment);
  });

  afterAll(async () => {
    await there.close();
    await down(narrow, { report, remove: true });
  });

  it('runs two cells at once over it', async () => {
    const cells = ['print("a")', 'print("b")'].map(source => there.submit(there.cell(source)));
    const tasks = await Promise.all(cells);
    const ends = await Promise.all(tasks.map(({ id }) => there.follow(id)));
    expect(ends.map(({ task }) => task.phase)).toEqual(['completed', 'completed']);
    expect(ends.map(printed)).toEqual(['a\n', 'b\n']);
  });
});

describe('what can be wrong on the way', () => {
  it.each<[string, string, RegExp]>([
    ['closed', 'host-unreachable', /cannot be reached/],
    ['stranger', 'authentication-refused', /refused the login/],
    ['changed', 'host-key-changed', /SHA256:.*/],
    ['bare', 'no-python', /\/nowhere\/python/]
  ])('the target “%s” ends in words: %s', async (target, code, words) => {
    const task = await end(stand.cell('1', { target }));
    expect(task).toMatchObject({ phase: 'failed', reason: { code }, jobId: null });
    expect(task.reason?.message).toMatch(words);
    expect(task.reason?.hint).not.toBe('');
  });

  it('waits for a person where only one can say whether the host is the right one', async () => {
    const { id } = await stand.submit(stand.cell('1', { target: 'unknown' }));
    const { task } = await stand.follow(id, now => now.task.reason?.code === 'needs-login');
    expect(task).toMatchObject({ phase: 'preparing', jobId: null });
    await stand.cancel(id);
    expect((await stand.follow(id)).task.phase).toBe('canceled');
  });

  it('gives sbatch’s own words in full when it refuses', async () => {
    const task = await end(stand.cell('1', { resources: { partition: 'nope' } }));
    expect(task.reason).toMatchObject({ code: 'sbatch-refused' });
    expect(task.reason?.message).toContain('invalid partition specified: nope');
  });

  it('refuses a Python of another minor version before anything is sent', async () => {
    const python = {
      version: '3.8.1',
      executable: '/p',
      prefix: '/',
      implementation: 'CPython',
      platform: 'linux',
      machine: 'x86_64'
    };
    const nonce = stand.nonce;
    const task = await end(stand.cell('1', { capture: { ...capture, python, nonce } }));
    expect(task.reason).toMatchObject({ code: 'python-differs' });
    expect(task.reason?.message).toMatch(/3\.8.*3\.\d+/);
  });

  it('refuses a kernel that shares no disk', async () => {
    const task = await end(stand.cell('1', { capture: { ...capture, nonce: 'other' } }));
    expect(task.reason).toMatchObject({ code: 'kernel-remote' });
    expect(task.reason?.message).toContain('laptop');
  });

  it.each([
    ['kernel-not-python', { language: 'R' }, /runs R/],
    ['variable-unserializable', { name: 'lock', type: 'lock', problem: 'no' }, /“lock” \(lock\)/],
    ['syntax-error', { line: 2, problem: "'(' was never closed" }, /line 2/]
  ])('passes on what the kernel named: %s', async (code, details, words) => {
    const obstacles = [{ code, details }];
    const task = await end(stand.cell('1', { capture: { ...capture, obstacles } }));
    expect(task.reason).toMatchObject({ code });
    expect(task.reason?.message).toMatch(words);
  });

  it('refuses a variable over the limit', async () => {
    const values = [
      { name: 'big', type: 'ndarray', bytes: 2 ** 31, format: 'npy' as const, blobs: [], why: '' }
    ];
    const nonce = stand.nonce;
    const task = await end(stand.cell('1', { capture: { ...capture, nonce, values } }));
    expect(task.reason).toMatchObject({ code: 'variable-too-large' });
    expect(task.reason?.message).toMatch(/“big” has 2\.1 GB, more than the limit of 1\.0 GB/);
  });
});
