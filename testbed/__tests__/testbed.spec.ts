import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  continuePart,
  cutLink,
  down,
  drainNode,
  dropConnections,
  freeLink,
  killNode,
  killPart,
  killSshd,
  pausePart,
  readEnvironment,
  readStatus,
  slurm,
  stallLink,
  startPart,
  startSshd,
  up,
  waitUntilUsable
} from '../control.ts';
import { readProcess } from '../processes.ts';
import { doesControllerAnswer } from '../slurm-commands.ts';
import { openTestbed } from '../testbed.ts';
import { waitUntil } from '../wait-until.ts';
import { makeScratch } from './scratch.ts';

jest.setTimeout(120_000);

const PARTS = ['munged', 'slurmctld', 'sshd', 'slurmd.node1', 'slurmd.node2', 'slurmd.node3'];
const report = (): void => undefined;
const scratch = makeScratch();
const first = join(scratch.dir, 'first');
const second = join(scratch.dir, 'second');

beforeAll(async () => {
  await Promise.all([first, second].map(dir => up({ dir, report })));
});

afterAll(async () => {
  await Promise.all([first, second].map(dir => down(dir, { report, remove: true })));
  scratch.remove();
});

async function submit(dir: string, script: string): Promise<{ id: string; output: string }> {
  const output = join(dir, `out-${String(performance.now())}.txt`);
  const words = ['--parsable', '--output', output, '--chdir', '/tmp', '--wrap', script];
  return { id: (await slurm(dir, 'sbatch', words)).trim(), output };
}

async function expectText(file: string, pattern: RegExp): Promise<void> {
  const read = (): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  await waitUntil(async () => pattern.test(read()), 30_000);
  expect(read()).toMatch(pattern);
}

function ssh(dir: string, command: string): string[] {
  return ['-F', join(dir, 'ssh/config'), '-o', 'BatchMode=yes', 'sluice-testbed', command];
}

async function pidsOf(dir: string): Promise<Record<string, number | undefined>> {
  return Object.fromEntries((await readStatus(dir)).map(({ name, pid }) => [name, pid]));
}

async function isAlive(pid: number): Promise<boolean> {
  return (await readProcess(pid)) !== undefined;
}

describe('a testbed that is up', () => {
  it('has every daemon and three idle nodes', async () => {
    const rows = await readStatus(first);
    expect(rows.map(row => row.name)).toEqual(PARTS);
    expect(rows.filter(row => !row.isUp)).toEqual([]);
    const nodes = await slurm(first, 'sinfo', ['-h', '-N', '-p', 'main', '-o', '%N %T']);
    expect(nodes.trim().split('\n')).toEqual(['node1 idle', 'node2 idle', 'node3 idle']);
  });

  it('runs a job', async () => {
    const { output } = await submit(first, 'echo "on $SLURMD_NODENAME: $((6 * 7))"');
    await expectText(output, /^on node[123]: 42\n$/);
  });

  it('runs a step on all nodes', async () => {
    const names = await slurm(first, 'srun', ['-N3', '-D', '/tmp', 'printenv', 'SLURMD_NODENAME']);
    expect(names.trim().split('\n').sort()).toEqual(['node1', 'node2', 'node3']);
  });

  it('takes a login with a checked host key and knows its cluster there', () => {
    const seen = spawnSync('ssh', ssh(first, 'echo $SLURM_CONF; sinfo -h -o %R -p low'), {
      encoding: 'utf8',
      timeout: 30_000
    });
    expect(seen).toMatchObject({
      status: 0,
      stderr: '',
      stdout: `${join(first, 'etc/slurm.conf')}\nlow\n`
    });
  });

  it('refuses a login when the host key is another one', () => {
    const wrong = ['-o', `UserKnownHostsFile=${join(second, 'ssh/known_hosts')}`];
    const seen = spawnSync('ssh', [...wrong, ...ssh(first, 'true')], { timeout: 30_000 });
    expect(seen.status).toBe(255);
  });

  it('shares nothing with a second one', async () => {
    const { id } = await submit(first, 'sleep 100');
    expect(await slurm(first, 'squeue', ['-h', '-o', '%A'])).toContain(id);
    expect(await slurm(second, 'squeue', ['-h', '-o', '%A'])).toBe('');
    await slurm(first, 'scancel', [id]);
    const ports = await Promise.all([first, second].map(openTestbed)).then(testbeds =>
      testbeds.flatMap(({ record }) => Object.values(record.ports))
    );
    expect(new Set(ports).size).toBe(14);
  });

  it('prints an environment that a shell can take', async () => {
    const words = [join(import.meta.dirname, '..', 'main.ts'), 'env', '--dir', first];
    const printed = spawnSync(process.execPath, words, { encoding: 'utf8', timeout: 30_000 });
    expect(printed.status).toBe(0);
    const script = 'eval "$1"; printf "%s\\n" "$SLURM_CONF" "$SLUICE_CONFIG" "$SLUICE_STATE"';
    const taken = spawnSync('sh', ['-c', script, 'sh', printed.stdout], { encoding: 'utf8' });
    const expected = await readEnvironment(first);
    expect(taken.stdout.trim().split('\n')).toEqual(Object.values(expected));
    expect(expected['SLUICE_STATE']?.length).toBeLessThanOrEqual(80);
    expect(readFileSync(expected['SLUICE_CONFIG'] ?? '', 'utf8')).toContain('default = "testbed"');
  });

  it('is left alone by a second "up"', async () => {
    const before = await pidsOf(first);
    expect((await up({ dir: first, report })).started).toEqual([]);
    expect(await pidsOf(first)).toEqual(before);
  });
});

describe('a testbed with faults', () => {
  it('is made whole again by "up"', async () => {
    await drainNode(second, 'node3');
    await killNode(second, 'node2');
    await killPart(second, 'munged');
    const broken = (await readStatus(second)).filter(row => !row.isUp).map(row => row.name);
    expect(broken).toEqual(expect.arrayContaining(['munged', 'slurmd.node2']));
    expect(broken).not.toContain('sshd');
    const { started } = await up({ dir: second, report });
    expect(started).toEqual(['munged', 'slurmd.node2']);
    expect((await readStatus(second)).filter(row => !row.isUp)).toEqual([]);
    expect(await slurm(second, 'sinfo', ['-h', '-o', '%T', '-p', 'main'])).toBe('idle\n');
  });

  it('has a controller that stops and goes on', async () => {
    const testbed = await openTestbed(second);
    await pausePart(second, 'slurmctld');
    expect((await readStatus(second)).find(row => row.name === 'slurmctld')?.isUp).toBe(false);
    await continuePart(second, 'slurmctld');
    expect(await doesControllerAnswer(testbed)).toBe(true);
    await killPart(second, 'slurmctld');
    expect(await doesControllerAnswer(testbed)).toBe(false);
    await startPart(second, 'slurmctld');
    await waitUntilUsable(second);
    expect(await doesControllerAnswer(testbed)).toBe(true);
  });

  it('drops connections without their commands, and sshd goes on', async () => {
    const note = join(second, 'dropped.txt');
    const client = spawn('ssh', ssh(second, `echo $$ > ${note}; exec sleep 100`), {
      stdio: 'ignore'
    });
    const closed = once(client, 'close');
    await expectText(note, /^\d+\n$/);
    expect(await dropConnections(second)).toBe(1);
    expect((await closed)[0]).toBe(255);
    const command = Number(readFileSync(note, 'utf8'));
    expect(await isAlive(command)).toBe(true);
    process.kill(command, 'SIGKILL');
    expect(spawnSync('ssh', ssh(second, 'true'), { timeout: 30_000 }).status).toBe(0);
  });

  it('has an sshd that goes away and comes back', async () => {
    await killSshd(second);
    expect(spawnSync('ssh', ssh(second, 'true'), { timeout: 30_000 }).status).toBe(255);
    await startSshd(second);
    expect(spawnSync('ssh', ssh(second, 'true'), { timeout: 30_000 }).status).toBe(0);
  });
});

describe('knobs and settings', () => {
  it('change a running testbed, and stay', async () => {
    const dir = join(scratch.dir, 'knobs');
    const setting = async (): Promise<string> => slurm(dir, 'scontrol', ['show', 'config']);
    try {
      await up({ dir, nodeCount: 1, report });
      expect(await setting()).toMatch(/MinJobAge += 300 sec/);
      await up({ dir, knobs: { minJobAge: '2', maxSessions: '3' }, report });
      expect(await setting()).toMatch(/MinJobAge += 2 sec/);
      expect(readFileSync(join(dir, 'ssh/sshd_config'), 'utf8')).toMatch(/^MaxSessions 3\n/);
      expect((await up({ dir, report })).started).toEqual([]);
      expect(await slurm(dir, 'sinfo', ['-h', '-p', 'main', '-o', '%N'])).toBe('node1\n');
    } finally {
      await down(dir, { report, remove: true });
    }
  });

  it('make a login what sites make of it', async () => {
    const dir = join(scratch.dir, 'login');
    const knobs = {
      loginShell: 'tcsh',
      loginNoise: '5000',
      banner: 'Mind the gap.',
      maxStartups: '2:50:4'
    };
    try {
      await up({ dir, nodeCount: 1, knobs, report });
      const { stdout, stderr } = spawnSync('ssh', ssh(dir, 'echo $shell; exec /bin/sh'), {
        encoding: 'utf8',
        input: 'echo $SLURM_CONF\n',
        timeout: 30_000
      });
      const [noise, shell, conf] = stdout.trimEnd().split('\n');
      expect(noise).toBe('x'.repeat(5000));
      expect(shell).toMatch(/tcsh$/);
      expect(conf).toBe(join(dir, 'etc/slurm.conf'));
      expect(stderr).toContain('Mind the gap.');
      expect(readFileSync(join(dir, 'ssh/sshd_config'), 'utf8')).toContain('MaxStartups 2:50:4');
    } finally {
      await down(dir, { report, remove: true });
    }
  });

  it('put a link before sshd that can be held back and cut', async () => {
    const dir = join(scratch.dir, 'link');
    const login = () => spawnSync('ssh', ssh(dir, 'echo there'), { encoding: 'utf8' });
    const isCut = async (): Promise<boolean> => shell.exitCode !== null;
    await up({ dir, nodeCount: 1, knobs: { latencyMs: '5' }, report });
    const shell = spawn('ssh', ssh(dir, 'echo ready; exec cat'), { stdio: 'pipe' });
    try {
      await once(shell.stdout, 'data');
      await cutLink(dir);
      expect(await waitUntil(isCut, 20_000)).toBe(true);
      await stallLink(dir);
      const options = ['-o', 'ConnectTimeout=1', ...ssh(dir, 'true')];
      expect(spawnSync('ssh', options, { timeout: 30_000 }).status).toBe(255);
      await freeLink(dir);
      expect(login().stdout).toBe('there\n');
      const { started } = await up({ dir, knobs: { latencyMs: '0' }, report });
      expect(started).toContain('sshd');
      expect((await readStatus(dir)).map(({ name }) => name)).not.toContain('link');
      expect(login().stdout).toBe('there\n');
    } finally {
      shell.kill();
      await down(dir, { report, remove: true });
    }
  });

  it('are refused when they mean nothing', async () => {
    const dir = join(scratch.dir, 'refused');
    await expect(up({ dir, knobs: { speed: '9' }, report })).rejects.toThrow(/no knob "speed"/);
    await expect(up({ dir, knobs: { minJobAge: 'x' }, report })).rejects.toThrow(/minJobAge/);
    await expect(up({ dir, nodeCount: 0, report })).rejects.toThrow(/number of nodes/);
    expect(existsSync(dir)).toBe(false);
  });
});

describe('directories', () => {
  it('with other files, or with names that no configuration carries, are refused', async () => {
    const used = join(scratch.dir, 'used');
    mkdirSync(used);
    writeFileSync(join(used, 'thesis.tex'), '');
    await expect(up({ dir: used, report })).rejects.toThrow(/holds other files/);
    const blank = join(scratch.dir, 'a b');
    await expect(up({ dir: blank, report })).rejects.toThrow(/cannot live in/);
  });

  it('may be long, although sockets may not', async () => {
    const dir = join(scratch.dir, 'd'.repeat(90), 'e'.repeat(60));
    try {
      await up({ dir, nodeCount: 1, report });
      const { output } = await submit(dir, 'echo long');
      await expectText(output, /^long\n$/);
      expect((await readEnvironment(dir))['SLUICE_STATE']?.length).toBeLessThanOrEqual(80);
    } finally {
      await down(dir, { report, remove: true });
    }
  });
});

describe('down', () => {
  it('leaves no process: daemons, job steps, what jobs and logins started', async () => {
    const dir = join(scratch.dir, 'ended');
    await up({ dir, report });
    const daemons = Object.values(await pidsOf(dir));
    const note = join(dir, 'pids.txt');
    const detached = `setsid env -i sh -c 'trap "" TERM; echo $$ >> ${note}; sleep 1000' & wait`;
    await submit(dir, `echo $$ $PPID >> ${note}; ${detached}`);
    await expectText(note, /^\d+ \d+\n\d+\n$/);
    const login = join(dir, 'login.txt');
    spawnSync(
      'ssh',
      ssh(dir, `setsid sleep 1000 < /dev/null > /dev/null 2>&1 & echo $! > ${login}`)
    );
    const noted = `${readFileSync(note, 'utf8')} ${readFileSync(login, 'utf8')}`;
    const others = noted.split(/\s+/).filter(Boolean).map(Number);
    const pids = [...daemons.map(Number), ...others];
    expect(await Promise.all(pids.map(isAlive))).toEqual(Array(10).fill(true));
    await down(dir, { report });
    expect(await Promise.all(pids.map(isAlive))).toEqual(Array(10).fill(false));
    expect((await readStatus(dir)).map(row => row.state)).toEqual(Array(6).fill('down'));
    await down(dir, { report, remove: true });
    expect(existsSync(dir)).toBe(false);
  });

  it('cancels jobs, so that the next "up" does not run them again', async () => {
    const dir = join(scratch.dir, 'again');
    try {
      await up({ dir, nodeCount: 1, report });
      const { id, output } = await submit(dir, 'echo started; sleep 1000');
      await expectText(output, /^started\n$/);
      await down(dir, { report });
      await up({ dir, report });
      expect(await slurm(dir, 'scontrol', ['show', 'job', id])).toContain('JobState=CANCELLED');
      const next = await submit(dir, 'true');
      expect(Number(next.id)).toBeGreaterThan(Number(id));
    } finally {
      await down(dir, { report, remove: true });
    }
  });
});
