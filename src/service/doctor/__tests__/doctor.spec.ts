import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  down,
  endPart,
  readEnvironment,
  slurm,
  startPart,
  up,
  waitUntilUsable
} from '../../../../testbed/control';
import { makeScratch } from '../../../../testbed/__tests__/scratch';
import {
  DOCTOR_STEPS,
  type DoctorReport,
  type DoctorRequest,
  type DoctorStep
} from '../../../shared/wire/doctor';
import type { Targets } from '../../../shared/wire/service';
import { freePort, type LoopbackSshd, makeKey, startSshd } from '../../../testing/loopback-sshd';
import { ServiceStand } from '../../../testing/service-stand';
import { waitUntil } from '../../../testing/wait-until';

jest.setTimeout(120_000);

const scratch = makeScratch();
const bed = join(scratch.dir, 'bed');
const quiet = (): void => undefined;
let stand: ServiceStand;
let sshd: LoopbackSshd;
let forced: LoopbackSshd;

type Words = Record<string, string>;

const table = (name: string, words: Words): string =>
  [
    `[targets.${name}]`,
    ...Object.entries(words).map(([key, value]) => `${key} = ${JSON.stringify(value)}`),
    ''
  ].join('\n');

beforeAll(async () => {
  await up({ dir: bed, nodeCount: 2, report: quiet });
  sshd = await startSshd();
  forced = await startSshd({ forceCommand: 'echo "This account may not log in."; exit 1' });
  const environment = await readEnvironment(bed);
  stand = await ServiceStand.open(await configuration(environment['SLUICE_CONFIG'] ?? ''), {
    ...environment,
    SLUICE_NETWORK_NAME: 'localhost'
  });
});

afterAll(async () => {
  await stand.close();
  await Promise.all([sshd.stop(), forced.stop()]);
  await down(bed, { report: quiet, remove: true });
  scratch.remove();
});

/** The testbed's targets, and those that are broken in one way each. */
async function configuration(path: string): Promise<string> {
  const text = readFileSync(path, 'utf8');
  const value = (key: string): string =>
    JSON.parse(new RegExp(`^${key} = (.*)$`, 'm').exec(text)?.[1] ?? '""') as string;
  const good = {
    host: value('host'),
    ssh_config: value('ssh_config'),
    root: value('root'),
    python: value('python')
  };
  writeFileSync(join(scratch.dir, 'file'), 'no folder');
  const other = join(scratch.dir, 'other_config');
  await makeKey(join(scratch.dir, 'other_key'), 'ed25519');
  await makeKey(join(scratch.dir, 'other_host'), 'ed25519');
  const client = readFileSync(sshd.configPath, 'utf8');
  const closed = await freePort();
  writeFileSync(
    other,
    [
      'Host nowhere\n  HostName nowhere.invalid',
      `Host closed\n  HostName 127.0.0.1\n  Port ${closed}`,
      client.replace('Host loopback', 'Host changed').replace(/known_hosts\b/, 'changed_hosts'),
      client.replace('Host loopback', 'Host unknown').replace(/known_hosts\b/, 'no_hosts'),
      client
        .replace('Host loopback', 'Host refused')
        .replace(/IdentityFile .*/, `IdentityFile ${join(scratch.dir, 'other_key')}`),
      ''
    ].join('\n')
  );
  const [type, key] = readFileSync(join(scratch.dir, 'other_host.pub'), 'utf8').split(' ');
  const changed = `[127.0.0.1]:${sshd.port} ${type} ${key}\n`;
  writeFileSync(join(sshd.folder, 'changed_hosts'), changed);
  const at = (host: string): Words => ({ ...good, host, ssh_config: other });
  return [
    text,
    table('nowhere', at('nowhere')),
    table('closed', at('closed')),
    table('changed', at('changed')),
    table('unknown', at('unknown')),
    table('unknown-openssh', { ...at('unknown'), transport: 'openssh' }),
    table('refused', at('refused')),
    table('forced', { ...good, host: 'loopback', ssh_config: forced.configPath }),
    table('no-python', { ...good, python: '/nowhere/python' }),
    table('no-root', { ...good, root: join(scratch.dir, 'file', 'root') }),
    table('wrong', { ...good, constraint: 'no_such_feature' })
  ].join('\n');
}

const ask = async (url: string, payload?: object): Promise<DoctorReport> => {
  const method = payload === undefined ? 'GET' : 'POST';
  // Nobody is there to answer.
  const headers = { 'x-sluice-unattended': '1' };
  const answer = await stand.app.inject({ method, url, payload, headers });
  expect(answer.statusCode).toBe(200);
  return answer.json<DoctorReport>();
};

/** Follow a run to what is waited for, as clients do. */
async function follow(
  begun: DoctorReport,
  isEnough: (report: DoctorReport) => boolean = ({ state }) => state !== 'running'
): Promise<DoctorReport> {
  let now = begun;
  while (!isEnough(now)) {
    expect(now.state).toBe('running');
    now = await ask(`/api/doctor/${now.id}?after=${now.version}&waitMs=20000`);
  }
  return now;
}

async function examine(
  request: Partial<DoctorRequest> & { target: string }
): Promise<DoctorReport> {
  return follow(await ask('/api/doctor', request));
}

const stepOf = ({ steps }: DoctorReport, id: DoctorStep['id']): DoctorStep | undefined =>
  steps.find(step => step.id === id);

const root = (): string => join(bed, 'cluster');

describe('the doctor with a good target', () => {
  it('finds what there is, from the name to a finished job, and leaves nothing behind', async () => {
    const report = await examine({ target: 'testbed' });
    expect(report).toMatchObject({ state: 'passed', host: 'sluice-testbed', proposal: null });
    const states = report.steps.map(({ id, state }) => `${id} ${state}`);
    const warned = new Set(['accounting', 'mounts']);
    expect(states.filter(line => !warned.has(line.split(' ')[0] ?? ''))).toEqual(
      DOCTOR_STEPS.filter(id => !warned.has(id)).map(id => `${id} passed`)
    );
    expect(stepOf(report, 'accounting')?.state).toBe('warning');
    expect(stepOf(report, 'slurm')?.found).toMatch(/^Slurm \d+\.\d+/);
    expect(stepOf(report, 'login')?.found).toMatch(/^as \w+, through the built-in SSH/);
    expect(stepOf(report, 'partitions')?.found).toBe('3 partitions, main by default; main is up');
    expect(stepOf(report, 'network')?.found).toContain('finds localhost');
    expect(stepOf(report, 'job')?.found).toMatch(/^job \d+ ran on /);
    expect(readdirSync(root())).toEqual([]);
    const queue = await slurm(bed, 'squeue', [
      '--noheader',
      '--name',
      `sluice-doctor-${report.id}`
    ]);
    expect(queue).toBe('');
  });

  it('keeps the limits for a day, and shows them with the targets', async () => {
    const { limits } = await examine({ target: 'testbed', withoutJob: true });
    expect(limits?.partitions.map(({ name }) => name)).toEqual(['main', 'low', 'high']);
    expect(limits?.partitions[0]).toMatchObject({
      isDefault: true,
      isUp: true,
      maxTime: 'infinite',
      nodes: 2,
      cpusPerNode: 4,
      memoryPerNodeMb: 8000,
      gpus: ['2']
    });
    await stand.stop();
    await stand.restart();
    const { targets } = (await stand.app.inject({ url: '/api/targets' })).json<Targets>();
    const shown = targets.find(({ name }) => name === 'testbed');
    expect(shown?.limits).toEqual(limits);
    expect(shown?.connection).toBeNull();
    expect(targets.find(({ name }) => name === 'forced')?.limits).toBeNull();
  });

  it('looks without a job, too', async () => {
    const report = await examine({ target: 'testbed', withoutJob: true });
    expect(report.state).toBe('passed');
    expect(stepOf(report, 'job')).toMatchObject({ state: 'skipped', found: 'not wanted' });
    expect(stepOf(report, 'network')?.state).toBe('skipped');
  });

  it('looks at a machine without Slurm', async () => {
    const report = await examine({ target: 'here' });
    expect(report.state).toBe('passed');
    expect(stepOf(report, 'slurm')?.found).toContain('no Slurm here');
    expect(stepOf(report, 'job')?.state).toBe('passed');
  });
});

type Fault = {
  what: string;
  target: string;
  step: DoctorStep['id'];
  code: string;
  /** Words that the finding or the problem must have. */
  says: RegExp;
  breakIt?: () => Promise<unknown>;
  mendIt?: () => Promise<unknown>;
};

const setPartition = (state: string): Promise<unknown> =>
  slurm(bed, 'scontrol', ['update', 'PartitionName=main', `State=${state}`]);

const faults: Fault[] = [
  {
    what: 'a target that is not defined',
    target: 'nobody',
    step: 'configuration',
    code: 'target-unknown',
    says: /nobody/
  },
  {
    what: 'a host name that nobody knows',
    target: 'nowhere',
    step: 'name',
    code: 'host-unreachable',
    says: /name/
  },
  {
    what: 'a port on which nothing answers',
    target: 'closed',
    step: 'port',
    code: 'host-unreachable',
    says: /answer/
  },
  {
    what: 'a host key that has changed',
    target: 'changed',
    step: 'host-key',
    code: 'host-key-changed',
    says: /CHANGED/
  },
  {
    what: 'a host key that nobody knows yet, by Sluice’s own SSH',
    target: 'unknown',
    step: 'host-key',
    code: 'needs-login',
    says: /host key is not known yet \(ED25519, SHA256:/
  },
  {
    what: 'a host key that nobody knows yet, by OpenSSH',
    target: 'unknown-openssh',
    step: 'host-key',
    code: 'needs-login',
    says: /host key is not known yet \(ED25519, SHA256:/
  },
  {
    what: 'a key that is refused',
    target: 'refused',
    step: 'login',
    code: 'authentication-refused',
    says: /refused/
  },
  {
    what: 'a login that gives no shell',
    target: 'forced',
    step: 'shell',
    code: 'remote-command-failed',
    says: /may not log in/
  },
  {
    what: 'a controller of Slurm that is down',
    target: 'testbed',
    step: 'slurm',
    code: 'slurm-unavailable',
    says: /controller/,
    breakIt: () => endPart(bed, 'slurmctld'),
    mendIt: async () => {
      await startPart(bed, 'slurmctld');
      await waitUntilUsable(bed);
    }
  },
  {
    what: 'a partition that is down',
    target: 'testbed',
    step: 'partitions',
    code: 'partition-unusable',
    says: /down/,
    breakIt: () => setPartition('DOWN'),
    mendIt: () => setPartition('UP')
  },
  {
    what: 'no Python at the place that is named',
    target: 'no-python',
    step: 'python',
    code: 'no-python',
    says: /\/nowhere\/python/
  },
  {
    what: 'a root that cannot be written',
    target: 'no-root',
    step: 'root',
    code: 'root-unusable',
    says: /cannot write/
  },
  {
    what: 'a job that Slurm refuses',
    target: 'wrong',
    step: 'job',
    code: 'sbatch-refused',
    says: /feature/i
  }
];

describe('the doctor with a broken target', () => {
  it.each(faults)('names the step of $what', async fault => {
    await fault.breakIt?.();
    const report = await examine({ target: fault.target }).finally(fault.mendIt);
    expect(report.state).toBe('failed');
    const failed = report.steps.filter(({ state }) => state === 'failed');
    expect(failed.map(({ id }) => id)).toEqual([fault.step]);
    const [step] = failed;
    expect(step?.problem).toMatchObject({ code: fault.code });
    expect(`${step?.found} ${step?.problem?.message}`).toMatch(fault.says);
    expect(step?.problem?.hint).not.toBe('');
    const before = report.steps.slice(0, DOCTOR_STEPS.indexOf(fault.step));
    const known = ['passed', 'warning', 'skipped'];
    expect(before.filter(({ state }) => !known.includes(state))).toEqual([]);
    expect(stepOf(report, 'job')?.state).toBe(fault.step === 'job' ? 'failed' : 'skipped');
    expect(report.steps.filter(({ state }) => state === 'waiting' || state === 'running')).toEqual(
      []
    );
  });
});

describe('what the doctor proposes', () => {
  it('is nothing for a host that is no target yet and cannot be reached', async () => {
    // Its configuration of SSH is the person's own, which has no way to the testbed.
    const report = await examine({ target: 'nobody@127.0.0.1:1', withoutJob: true });
    expect(stepOf(report, 'configuration')).toMatchObject({
      state: 'passed',
      found: 'nobody@127.0.0.1:1 is no target yet; it is looked at as one'
    });
    expect(stepOf(report, 'port')).toMatchObject({ state: 'failed' });
    expect(report.proposal).toBeNull();
    const url = `/api/doctor/${report.id}/save`;
    const answer = await stand.app.inject({ method: 'POST', url, payload: { name: 'x' } });
    expect(answer.statusCode).toBe(400);
  });

  it('is another partition where the target’s own is down, and is written when asked', async () => {
    await setPartition('DOWN');
    const report = await examine({ target: 'testbed', withoutJob: true }).finally(() =>
      setPartition('UP')
    );
    expect(report.proposal).toMatchObject({
      name: 'testbed',
      toml: '[targets.testbed]\npartition = "low"\n'
    });
    const before = readFileSync(report.proposal?.path ?? '', 'utf8');
    const saved = await ask(`/api/doctor/${report.id}/save`, { name: 'testbed' });
    expect(saved.savedTo).toBe(report.proposal?.path);
    const after = readFileSync(saved.savedTo ?? '', 'utf8');
    expect(after.split('\n').filter(line => line !== 'partition = "low"')).toEqual(
      before.split('\n')
    );
    expect(after).not.toBe(before);
    const again = await examine({ target: 'testbed', withoutJob: true });
    expect(stepOf(again, 'partitions')?.found).toContain('low is up');
  });
});

describe('a run of the doctor', () => {
  it('ends with its job when it is canceled', async () => {
    await slurm(bed, 'scontrol', ['update', 'NodeName=ALL', 'State=DRAIN', 'Reason=test']);
    const begun = await ask('/api/doctor', { target: 'testbed' });
    const isWaiting = (report: DoctorReport): boolean =>
      /^job \d+/.test(stepOf(report, 'job')?.found ?? '');
    const waiting = await follow(begun, isWaiting);
    const canceled = await ask(`/api/doctor/${begun.id}/cancel`, {});
    await slurm(bed, 'scontrol', ['update', 'NodeName=ALL', 'State=RESUME']);
    expect(waiting.state).toBe('running');
    expect(canceled.state).toBe('canceled');
    expect(stepOf(canceled, 'job')).toMatchObject({ state: 'skipped', found: 'canceled' });
    await waitUntil('the job is gone', async () => {
      const name = `sluice-doctor-${begun.id}`;
      return (await slurm(bed, 'squeue', ['--noheader', '--name', name])) === '';
    });
    expect(readdirSync(root())).toEqual([]);
  });

  it('is not found under an id that nobody gave', async () => {
    const answer = await stand.app.inject({ url: '/api/doctor/none' });
    expect([answer.statusCode, answer.json<{ error: { code: string } }>().error.code]).toEqual([
      404,
      'not-found'
    ]);
  });
});
