import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { waitUntil } from '../../../testing/wait-until';
import { buildJobScript } from '../job-script';
import type { JobSpec } from '../scheduler';

jest.setTimeout(60_000);

const MEMORY_GROUPS = '/sys/fs/cgroup/memory';
const canLimitMemory = ((): boolean => {
  try {
    accessSync(join(MEMORY_GROUPS, 'memory.limit_in_bytes'));
    accessSync(MEMORY_GROUPS, constants.W_OK);
    return true;
  } catch {
    return false;
  }
})();
const shells = ['/bin/dash', '/bin/bash'].filter(existsSync);

/** Python itself: what stands for it in PATH may be a script that needs PATH. */
const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable, end="")'], {
  encoding: 'utf8'
});

/** A worker that tells what it gets, and heeds signals as it is asked to. */
const WORKER = `
import os, signal, sys
run = sys.argv[1]
def note(word):
    with open(os.path.join(run, "heard"), "a") as file:
        file.write(word + "\\n")
heard = []
def hear(number, frame):
    heard.append(number)
    note(signal.Signals(number).name)
signal.signal(signal.SIGTERM, hear)
signal.signal(signal.SIGUSR1, hear)
note("begun " + os.environ.get("SLUICE_NOTICE", "-") + " " + repr(sys.stdin.read()))
exec(open(os.path.join(run, "act.py")).read())
`;

describe.each(shells)('the script of a job in %s', shell => {
  let base: string;
  let directory: string;
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'script-'));
    directory = join(base, "runs/it's a $(job)");
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(join(base, 'worker.py'), WORKER);
  });
  afterEach(() => rm(base, { recursive: true }));

  async function start(
    act: string,
    given: Partial<JobSpec> = {},
    environment: NodeJS.ProcessEnv = {},
    before: string[] = []
  ): Promise<{ child: ChildProcess; ended: Promise<[number | null, string]> }> {
    await writeFile(join(directory, 'act.py'), act);
    const job: JobSpec = {
      key: 'k',
      root: base,
      directory,
      setup: [],
      python,
      workerPath: join(base, 'worker.py'),
      resources: {},
      ...given
    };
    const script = join(directory, 'script.sh');
    await writeFile(script, buildJobScript(job, [...before, 'export SLUICE_JOB_ID=7']));
    // Sites differ in what `sh` is; bash changes its ways by this name.
    const child = spawn(shell, [script], {
      argv0: 'sh',
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], ...environment }
    });
    const words = text(child.stderr);
    const ended = new Promise<[number | null, string]>(resolve => {
      child.once('close', code => {
        void words.then(said => {
          resolve([code, said]);
        });
      });
    });
    return { child, ended };
  }

  const read = async (name: string): Promise<string | null> =>
    existsSync(join(directory, name)) ? readFile(join(directory, name), 'utf8') : null;

  const begun = (): Promise<void> =>
    waitUntil('the worker has begun', async () => (await read('heard')) !== null);

  async function run(...given: Parameters<typeof start>): Promise<[number | null, string]> {
    return (await start(...given)).ended;
  }

  it.each([0, 1, 2, 124, 255])('passes the status %d on and records it', async status => {
    const before = Math.floor(Date.now() / 1000);
    expect((await run(`sys.exit(${status})`))[0]).toBe(status);
    const [word, kills, at] = (await read('attempts/0/exit'))?.trimEnd().split(' ') ?? [];
    expect(word).toBe(String(status));
    expect(kills).toMatch(/^(-|0)$/);
    expect(Number(at)).toBeGreaterThanOrEqual(before);
  });

  it('records the end of a worker that was killed', async () => {
    expect((await run('os.kill(os.getpid(), 9)'))[0]).toBe(137);
    expect(await read('attempts/0/exit')).toMatch(/^137 /);
  });

  it('writes no record for a worker that found the run claimed', async () => {
    expect((await run('sys.exit(3)'))[0]).toBe(3);
    expect(await read('attempts/0/exit')).toBeNull();
  });

  it('makes the attempt’s folder for itself where no worker came so far', async () => {
    const [status, said] = await run('', { python: join(base, 'no-python') });
    expect(status).toBe(127);
    expect(said).toContain('no-python');
    expect(await read('attempts/0/exit')).toMatch(/^127 /);
    for (const [name, mode] of [
      ['attempts', 0o700],
      ['attempts/0', 0o700],
      ['attempts/0/exit', 0o600]
    ] as const) {
      expect((await stat(join(directory, name))).mode & 0o777).toBe(mode);
    }
  });

  it('says of a Python that may not be run that it may not', async () => {
    await writeFile(join(base, 'python'), '');
    await chmod(join(base, 'python'), 0o644);
    expect((await run('', { python: join(base, 'python') }))[0]).toBe(126);
    expect(await read('attempts/0/exit')).toMatch(/^126 /);
  });

  it.each([
    ['that leaves', ['exit 7'], 7],
    ['that fails where failures end the script', ['set -e', 'false'], 1],
    ['that reads what is not set', ['set -u', 'echo $not_there'], shell.includes('dash') ? 2 : 1],
    ['that is no shell', ['if'], 2]
  ])('records a setup line %s', async (_, setup, status) => {
    const [code] = await run('sys.exit(0)', { setup });
    expect(code).toBe(status);
    expect(await read('attempts/0/exit')).toMatch(new RegExp(`^${status} `));
    expect(await read('heard')).toBeNull();
  });

  it('runs the worker and records its end whatever the setup has set', async () => {
    const setup = ['set -eu', 'umask 027', 'cd /', 'PATH=/nowhere', "trap 'true' EXIT"];
    const act = 'note(oct(os.umask(0))); sys.exit(5)';
    expect((await run(act, { setup }))[0]).toBe(5);
    expect(await read('attempts/0/exit')).toMatch(/^5 /);
    expect(await read('heard')).toContain('0o27\n');
    expect((await stat(join(directory, 'attempts/0/exit'))).mode & 0o777).toBe(0o600);
  });

  it('leaves the run of another job alone', async () => {
    await mkdir(join(directory, 'claim'));
    await writeFile(join(directory, 'claim/owner'), '{"version": 1, "jobId": "70", "attempt": 0}');
    await run('', { python: join(base, 'no-python') });
    expect(await read('attempts/0/exit')).toBeNull();
    await writeFile(join(directory, 'claim/owner'), '{"version": 1, "jobId": "7", "attempt": 0}');
    await run('', { python: join(base, 'no-python') });
    expect(await read('attempts/0/exit')).toMatch(/^127 /);
  });

  it('records a restarted job beside its former attempt', async () => {
    await run('sys.exit(1)', {}, { SLURM_RESTART_COUNT: '2' });
    expect(await read('attempts/2/exit')).toMatch(/^1 /);
  });

  it('gives the worker nothing to read', async () => {
    await run('sys.exit(0)');
    expect(await read('heard')).toBe("begun - ''\n");
  });

  it('passes signals on, as many as come, and waits on', async () => {
    const act = `
while heard.count(signal.SIGUSR1) < 3 or signal.SIGTERM not in heard: signal.pause()
sys.exit(42)`;
    const { child, ended } = await start(act);
    await begun();
    for (const count of [1, 2, 3]) {
      child.kill('SIGUSR1');
      await waitUntil('it was heard', async () => {
        const heard = (await read('heard')) ?? '';
        return heard.split('SIGUSR1').length > count;
      });
    }
    child.kill('SIGTERM');
    expect((await ended)[0]).toBe(42);
    expect(await read('attempts/0/exit')).toMatch(/^42 /);
  });

  it('records an end that comes together with signals', async () => {
    const act =
      'signal.signal(signal.SIGTERM, lambda *_: os._exit(143))\nnote("ready")\nwhile 1: pass';
    const { child, ended } = await start(act);
    await waitUntil('it is ready', async () => ((await read('heard')) ?? '').includes('ready'));
    // As Slurm does: to the script and to the worker, again and again.
    for (let count = 0; count < 20; count += 1) {
      child.kill('SIGTERM');
      child.kill('SIGUSR1');
    }
    expect((await ended)[0]).toBe(143);
    expect(await read('attempts/0/exit')).toMatch(/^143 /);
  });

  it('tells a worker that starts later of a notice, and leaves a setup when told to', async () => {
    const gate = join(base, 'gate');
    const setup = [`: >"${base}/setup"`, `until [ -e "${gate}" ]; do sleep 0.02; done`];
    const isSetUp = (): Promise<void> =>
      waitUntil('the setup runs', async () => Promise.resolve(existsSync(join(base, 'setup'))));
    const first = await start('sys.exit(0)', { setup });
    await isSetUp();
    first.child.kill('SIGUSR1');
    await writeFile(gate, '');
    expect((await first.ended)[0]).toBe(0);
    expect(await read('heard')).toMatch(/^begun 1 /);

    await rm(join(base, 'setup'));
    await rm(gate);
    const second = await start('sys.exit(0)', { setup });
    await isSetUp();
    second.child.kill('SIGTERM');
    await writeFile(gate, '');
    expect((await second.ended)[0]).toBe(143);
    expect(await read('attempts/0/exit')).toMatch(/^143 /);
  });

  it('tells when the time is over where a limit was asked for', async () => {
    const act = 'note(os.environ.get("SLUICE_ENDS_AT", "none")); sys.exit(0)';
    const before = Math.floor(Date.now() / 1000);
    await run(act, { resources: { time: '0:90' } }, { SLUICE_ENDS_AT: '1' });
    const [, endsAt] = (await read('heard'))?.split('\n') ?? [];
    expect(Number(endsAt)).toBeGreaterThanOrEqual(before + 90);
    await rm(join(directory, 'heard'));
    await run(act, {}, { SLUICE_ENDS_AT: '1' });
    expect(await read('heard')).toContain('none');
  });

  // The kernel's own doing, where this machine lets us ask for it.
  const itWithKernel = canLimitMemory ? it : () => undefined;
  itWithKernel('counts what the kernel ended for want of memory', async () => {
    const group = join(MEMORY_GROUPS, `sluice-${process.pid}`);
    await mkdir(group);
    try {
      await writeFile(join(group, 'memory.limit_in_bytes'), '60000000');
      const act = `
x = bytearray(300_000_000)
for n in range(0, len(x), 4096): x[n] = 1`;
      const enter = `echo $$ >${group}/cgroup.procs`;
      // Before the first count, as Slurm puts a job into its group.
      const [status] = await run(act, {}, {}, [enter]);
      expect(status).toBe(137);
      expect(await read('attempts/0/exit')).toMatch(/^137 1 /);
    } finally {
      await rmdir(group);
    }
  });

  it('leaves nothing half written where the disk takes no record', async () => {
    await writeFile(join(directory, 'attempts'), '');
    const [status, said] = await run('sys.exit(0)');
    expect(status).toBe(0);
    expect(said).not.toBe('');
  });
});
