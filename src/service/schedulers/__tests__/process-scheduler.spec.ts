import { existsSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { JobYard } from '../../../testing/job-yard';
import { schedulerContract } from '../../../testing/scheduler-contract';
import { isAlive, waitUntil } from '../../../testing/wait-until';
import { createProcessScheduler } from '../process-scheduler';

jest.setTimeout(60_000);

const slots = (yard: JobYard, count: number) =>
  writeFile(join(yard.root, 'SLUICE_SLOTS'), `${count}\n`);

const shells = ['/bin/dash', '/bin/bash'].filter(existsSync);

describe.each(shells)('with %s', shell => {
  schedulerContract('process', () => ({
    scheduler: createProcessScheduler(),
    shell: { shell },
    hold: async (yard, job) => {
      await slots(yard, 1);
      return job;
    }
  }));
});

describe('the process scheduler', () => {
  let yard: JobYard;
  beforeEach(async () => {
    yard = await JobYard.open(createProcessScheduler(), 'root', {});
  });
  afterEach(() => yard.close());

  const supervisorOf = (jobId: string): number => Number(jobId.split('.')[0]);

  async function submitInTurn(count: number, act: string): Promise<void> {
    const jobs = [];
    for (let index = 0; index < count; index += 1) {
      jobs.push(await yard.submit(await yard.prepare(act, { key: `job-${index}` })));
    }
    for (const job of jobs) {
      await yard.untilIn(job, 'completed');
    }
  }

  it('runs as many jobs at once as there are slots', async () => {
    await slots(yard, 2);
    const trace = '"$2/../../trace"';
    // The first waits for a second one, so that a busy machine does not run them one by one.
    const meet = `n=0; until [ "$(grep -c + ${trace})" -ge 2 ] || [ $n -ge 1000 ]; do n=$((n + 1)); sleep 0.02; done`;
    await submitInTurn(5, `echo + >>${trace}; ${meet}; echo - >>${trace}`);
    const steps = (await readFile(join(yard.root, 'trace'), 'utf8')).split('\n');
    let running = 0;
    const levels = steps.map(step => (running += step === '+' ? 1 : step === '-' ? -1 : 0));
    expect(Math.max(...levels)).toBe(2);
    const [host = ''] = await readdir(join(yard.root, 'slots'));
    expect(await readdir(join(yard.root, 'slots', host))).toEqual([]);
  });

  it('tells a job that its time is nearly over, and ends it when it is', async () => {
    const code = `import signal, sys
signal.signal(signal.SIGUSR1, lambda *_: open(sys.argv[1] + "/told", "w").close())
open(sys.argv[1] + "/ready", "w").close()
while True: signal.pause()`;
    const act = `exec python3 -c '${code}' "$2"`;
    const job = await yard.submit(await yard.prepare(act, { resources: { time: '0:03' } }));
    const report = await yard.untilIn(job, 'timed-out');
    expect(report.token).toBe('TIMEOUT');
    expect(await yard.read(job, 'told')).toBe('');
    expect(await yard.read(job, 'attempts/0/exit')).toMatch(/^143 /);
  });

  it('leaves no clock behind a job that ended in time', async () => {
    const act = 'ps -o pid= -o ppid= -o args= -e | grep " clock " | grep -v grep >"$2/clocks"';
    const asked = await yard.prepare(act, { resources: { time: '77:00' } });
    const job = await yard.submit(asked);
    await yard.untilIn(job, 'completed');
    const clocks = (await yard.read(job, 'clocks')) ?? '';
    const supervisor = supervisorOf(job.jobId);
    const [, pid] = new RegExp(`^ *(\\d+) +${supervisor} `, 'm').exec(clocks) ?? [];
    expect(pid).toBeDefined();
    await waitUntil('the clock has gone', () => Promise.resolve(!isAlive(Number(pid))));
  });

  it('starts jobs in the order of their submits', async () => {
    await slots(yard, 1);
    await submitInTurn(4, 'basename "$2" >>"$2/../../order"');
    expect(await readFile(join(yard.root, 'order'), 'utf8')).toBe('job-0\njob-1\njob-2\njob-3\n');
  });

  it('never has more jobs at work than slots when many are submitted at once', async () => {
    await slots(yard, 1);
    const act =
      'mkdir "$2/../../alone" || echo clash >"$2/../../clash"; sleep 0.02; rmdir "$2/../../alone"';
    const jobs = await Promise.all(
      Array.from({ length: 12 }, async () => yard.submit(await yard.prepare(act)))
    );
    for (const job of jobs) {
      await yard.untilIn(job, 'completed');
    }
    expect(existsSync(join(yard.root, 'clash'))).toBe(false);
  });

  it('does not wait for a slot whose owner is dead', async () => {
    await slots(yard, 1);
    const blocker = await yard.submit(
      await yard.prepare('echo $$ >"$2/pid"; while :; do sleep 0.05; done')
    );
    await yard.untilBegun(blocker);
    const next = await yard.submit(await yard.prepare());
    process.kill(supervisorOf(blocker.jobId), 'SIGKILL');
    await yard.untilIn(next, 'completed');
    // Its job lives on, is still seen, and can be ended.
    expect((await yard.ask(blocker))[0]?.state).toBe('running');
    expect(await yard.cancel(blocker)).toEqual({ ok: true, message: '' });
    expect(await yard.untilIn(blocker, 'failed')).toMatchObject({
      token: 'KILLED',
      exitCode: null
    });
  });

  it('does not take a number that is used again for the job', async () => {
    const job = await yard.submit(await yard.prepare());
    await yard.untilIn(job, 'completed');
    const [, start, boot] = job.jobId.split('.');
    const jobId = `${process.pid}.${start}.${boot}`;
    await writeFile(join(job.directory, 'job-id'), `${jobId}\n`);
    await yard.run(`rm '${job.directory}/submit/exit'`);
    expect((await yard.ask({ ...job, jobId }))[0]).toMatchObject({
      state: 'failed',
      token: 'KILLED'
    });
    expect((await yard.cancel({ ...job, jobId })).ok).toBe(true);
    expect(isAlive(process.pid)).toBe(true);
  });

  it('tells a reboot, and says nothing of another host', async () => {
    const job = await yard.submit(await yard.prepare());
    await yard.untilIn(job, 'completed');
    await yard.run(`cd '${job.directory}' && rm submit/exit submit/child`);
    const before = { ...job, jobId: job.jobId.replace(/[^.]*$/, '00000000') };
    await writeFile(join(job.directory, 'job-id'), `${before.jobId}\n`);
    expect((await yard.ask(before))[0]).toMatchObject({ state: 'node-failed', token: 'REBOOTED' });
    await writeFile(join(job.directory, 'submit/host'), 'elsewhere\n');
    expect((await yard.ask(before))[0]).toMatchObject({ state: 'other', node: 'elsewhere' });
    expect(await yard.cancel(before)).toMatchObject({
      ok: false,
      message: expect.stringContaining('elsewhere') as string
    });
  });

  it('ends with the job what the job left in its group', async () => {
    const job = await yard.submit(await yard.prepare('sleep 600 & echo $! >"$2/left"'));
    await yard.untilIn(job, 'completed');
    const left = Number(await yard.read(job, 'left'));
    await waitUntil('the rest is gone', async () => !isAlive(left));
    expect(left).toBeGreaterThan(1);
  });

  it('does not call a job done that ended well before its cancel arrived', async () => {
    const job = await yard.submit(await yard.prepare('exit 0'));
    await yard.untilIn(job, 'completed');
    await yard.cancel(job);
    expect((await yard.ask(job))[0]?.state).toBe('completed');
  });

  it('does not hand on the restart count of an allocation around it', async () => {
    const environment = { ...process.env, SLURM_RESTART_COUNT: '3', SLURM_JOB_ID: '77' };
    const inside = await JobYard.open(createProcessScheduler(), 'root', { environment });
    const job = await inside.submit(
      await inside.prepare('echo "${SLURM_RESTART_COUNT-none} $SLURM_JOB_ID" >"$2/env"')
    );
    await inside.untilIn(job, 'completed');
    expect(await inside.read(job, 'env')).toBe('none 77\n');
    await inside.close();
  });

  it('cannot tell beforehand whether a job would be accepted', async () => {
    expect(yard.scheduler.buildTest([await yard.prepare()])).toBeNull();
  });
});
