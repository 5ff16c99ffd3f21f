import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IScheduler, JobRef, JobSpec } from '../service/schedulers/scheduler';
import { JobYard } from './job-yard';
import type { ShellOptions } from './run-shell';
import { waitUntil } from './wait-until';

/** A root whose name a careless line of shell would take for something else. */
const HOSTILE_ROOT = `r 1 'q' "d" $(touch canary) \`touch canary\` %j ; touch canary é漢 *`;

const WAIT_FOR_CANCEL = 'while :; do sleep 0.05; done';

export type SchedulerStand = {
  scheduler: IScheduler;
  shell?: ShellOptions;
  /** Makes the job wait in the queue; called before its submit. */
  hold: (yard: JobYard, job: JobSpec) => Promise<JobSpec>;
};

const refOf = ({ key, directory }: JobSpec, jobId: string): JobRef => ({ key, directory, jobId });

/** What every scheduler must do, with real jobs on this machine. */
export function schedulerContract(name: string, stand: () => SchedulerStand): void {
  describe(`${name} keeps the scheduler contract`, () => {
    let yard: JobYard;
    let submitted: JobRef[];

    beforeEach(async () => {
      const { scheduler, shell = {} } = stand();
      yard = await JobYard.open(scheduler, HOSTILE_ROOT, shell);
      submitted = [];
    });
    afterEach(async () => {
      if (submitted.length > 0) {
        await yard.cancel(...submitted);
        await Promise.all(submitted.map(untilOver));
      }
      await yard.close();
    });

    const submit = async (job: JobSpec): Promise<JobRef> => {
      const ref = await yard.submit(job);
      submitted.push(ref);
      return ref;
    };
    const begin = async (act: string): Promise<JobRef> => submit(await yard.prepare(act));

    async function untilOver(job: JobRef): Promise<void> {
      await waitUntil(`${job.key} is over`, async () => {
        const [report] = await yard.ask(job);
        return !['pending', 'running', 'other'].includes(report?.state ?? 'gone');
      });
    }

    describe('submit', () => {
      it('runs the worker with its directory, setup lines first', async () => {
        const job = await yard.prepare('printf %s "$SETUP" >"$2/setup"; pwd >"$2/where"', {
          setup: ['#SBATCH --partition=none', 'SETUP="it\'s set up"', 'export SETUP']
        });
        const ref = await submit(job);
        await yard.untilIn(ref, 'completed');
        expect(await yard.read(job, 'arguments')).toBe(`${job.workerPath}\0${job.directory}\0`);
        expect(await yard.read(job, 'setup')).toBe("it's set up");
        expect(await yard.read(job, 'where')).toBe(`${job.directory}\n`);
        expect(yard.isCanaryDead()).toBe(false);
      });

      it('tells the job its own id, and keeps the id', async () => {
        const ref = await begin('printf %s "$SLUICE_JOB_ID" >"$2/id"');
        await yard.untilIn(ref, 'completed');
        expect(await yard.read(ref, 'id')).toBe(ref.jobId);
        expect(await yard.read(ref, 'job-id')).toBe(`${ref.jobId}\n`);
      });

      it('keeps both outputs in job.log, in a directory of the person alone', async () => {
        const ref = await begin('exit 0');
        await yard.untilIn(ref, 'completed');
        expect(await yard.read(ref, 'job.log')).toBe('to stdout\nto stderr\n');
        expect((await stat(ref.directory)).mode & 0o777).toBe(0o700);
      });

      it('run again gives the same id and no second job', async () => {
        const job = await yard.prepare();
        const first = await submit(job);
        const second = await yard.submit(job);
        await yard.untilIn(first, 'completed');
        const third = await yard.submit(job);
        expect([second.jobId, third.jobId]).toEqual([first.jobId, first.jobId]);
        expect(await yard.read(job, 'count')).toBe('ran\n');
      });

      it('run many times at once starts one job, and none of the answers is wrong', async () => {
        const job = await yard.prepare();
        const { scheduler } = yard;
        const answers = await Promise.all(
          [1, 2, 3, 4, 5].map(() => yard.run(scheduler.buildSubmit(job)))
        );
        const outcomes = answers.map(answer => scheduler.parseSubmit(answer));
        const ref = await submit(job);
        await yard.untilIn(ref, 'completed');
        for (const outcome of outcomes) {
          expect(['accepted', 'unclear']).toContain(outcome.kind);
          expect(outcome).toMatchObject(outcome.kind === 'accepted' ? { jobId: ref.jobId } : {});
        }
        expect(await yard.read(job, 'count')).toBe('ran\n');
      });

      it('does not submit while an earlier submit may still be at work', async () => {
        const job = await yard.prepare();
        await yard.run(`mkdir '${job.directory.replaceAll("'", `'\\''`)}/submit'`);
        const outcome = yard.scheduler.parseSubmit(await yard.run(yard.scheduler.buildSubmit(job)));
        expect(outcome.kind).toBe('unclear');
        expect(await yard.read(job, 'count')).toBeNull();
      });

      it('reads its reply from amid the words of a login shell', async () => {
        const job = await yard.prepare();
        const { jobId } = await submit(job);
        const answer = await yard.run(
          `echo 'Welcome! 12345'; printf 'quota: 99\\n'; ${yard.scheduler.buildSubmit(job)}; echo 678`
        );
        expect(yard.scheduler.parseSubmit(answer)).toEqual({ kind: 'accepted', jobId });
      });

      it('calls silence unclear', () => {
        const silent = { status: 1, stdout: '', stderr: 'sh: fork: retry' };
        const outcome = yard.scheduler.parseSubmit(silent);
        expect(outcome).toEqual({ kind: 'unclear', message: 'sh: fork: retry' });
      });

      it('says why where there is no place for a job', async () => {
        const job = await yard.prepare();
        await writeFile(join(yard.root, 'file'), '');
        const lost = { ...job, directory: join(yard.root, 'file/runs/x') };
        const answer = await yard.run(yard.scheduler.buildSubmit(lost));
        expect(yard.scheduler.parseSubmit(answer)).toMatchObject({
          kind: 'unavailable',
          message: expect.stringMatching(/Not a directory|File exists/) as string
        });
      });

      it('refuses a value that no shell can hold', async () => {
        const job = await yard.prepare();
        expect(() => yard.scheduler.buildSubmit({ ...job, directory: '/a\0b' })).toThrow(/NUL/);
        expect(() => yard.scheduler.buildScript({ ...job, python: 'a\0b' })).toThrow(/NUL/);
      });

      it('carries quotes, newlines and a leading tilde in the names of programs', async () => {
        const job = await yard.prepare('', { workerPath: '/w $(touch canary)\n"\'\\' });
        const ref = await submit(job);
        await yard.untilIn(ref, 'completed');
        expect(await yard.read(job, 'arguments')).toBe(`${job.workerPath}\0${job.directory}\0`);
        expect(yard.isCanaryDead()).toBe(false);
        const home = yard.scheduler.buildScript({ ...job, python: '~/my venv/python' });
        expect(home).toContain(`exec "$HOME"/'my venv/python' -u `);
      });
    });

    describe('query', () => {
      it('tells pending, running and completed apart', async () => {
        const { hold } = stand();
        const running = await begin(WAIT_FOR_CANCEL);
        await yard.untilIn(running, 'running');
        const held = await submit(await hold(yard, await yard.prepare()));
        const done = await yard.ask(running, held);
        expect(done.map(({ key, state }) => [key, state]).sort()).toEqual(
          [
            [running.key, 'running'],
            [held.key, 'pending']
          ].sort()
        );
        expect(await yard.read(held, 'count')).toBeNull();
      });

      it('tells an exit status and a signal', async () => {
        const [status, signal] = [await begin('exit 7'), await begin('kill -KILL $$')];
        expect(await yard.untilIn(status, 'failed')).toMatchObject({ exitCode: 7, signal: null });
        expect(await yard.untilIn(signal, 'failed')).toMatchObject({ exitCode: null, signal: 9 });
      });

      it('names the host that runs it', async () => {
        const ref = await begin(WAIT_FOR_CANCEL);
        expect((await yard.untilIn(ref, 'running')).node).toMatch(/^[\w.-]+$/);
      });

      it('leaves out what it does not know, alone or beside others', async () => {
        const ref = await begin('exit 0');
        await yard.untilIn(ref, 'completed');
        const unknown = refOf(await yard.prepare(), ref.jobId.replace(/^\d+/, '66999999'));
        expect(await yard.ask(unknown)).toEqual([]);
        expect(await yard.ask(unknown, ref)).toMatchObject([{ jobId: ref.jobId, key: ref.key }]);
      });

      it('does not take a job with the same id for that of another key', async () => {
        const ref = await begin('exit 0');
        await yard.untilIn(ref, 'completed');
        expect(await yard.ask(refOf(await yard.prepare(), ref.jobId))).toEqual([]);
      });

      it('calls silence unanswered', async () => {
        const silent = { status: 127, stdout: '', stderr: 'sh: not found' };
        const unanswered = { kind: 'unanswered', message: 'sh: not found' };
        const ref = refOf(await yard.prepare(), '66999999');
        expect(yard.scheduler.parseQuery(silent, [ref])).toEqual(unanswered);
        expect(yard.scheduler.parseSearch(silent)).toEqual(unanswered);
      });
    });

    describe('search', () => {
      it('finds a job by its key, waiting, running or over', async () => {
        const ref = await begin('exit 0');
        await yard.untilIn(ref, 'completed');
        const answer = await yard.run(yard.scheduler.buildSearch(ref));
        expect(yard.scheduler.parseSearch(answer)).toMatchObject({
          kind: 'answered',
          reports: [{ jobId: ref.jobId, key: ref.key, state: 'completed' }]
        });
      });

      it('finds nothing where nothing was submitted', async () => {
        const job = await yard.prepare();
        const answer = await yard.run(yard.scheduler.buildSearch(job));
        expect(yard.scheduler.parseSearch(answer)).toEqual({ kind: 'answered', reports: [] });
      });
    });

    describe('test', () => {
      it('answers for each job, or says that it cannot tell, and starts nothing', async () => {
        const job = await yard.prepare();
        const jobs = [job, { ...job, resources: { time: '0:10:00' } }];
        const text = yard.scheduler.buildTest(jobs);
        if (text !== null) {
          const outcomes = yard.scheduler.parseTest(await yard.run(text), jobs);
          expect(outcomes.map(({ accepted }) => accepted)).toEqual([true, true]);
        }
        expect(await yard.read(job, 'count')).toBeNull();
        expect(await yard.read(job, 'job-id')).toBeNull();
        expect(yard.isCanaryDead()).toBe(false);
      });
    });

    describe('cancel', () => {
      it('ends a running job with a signal that it may answer', async () => {
        const ref = await begin(
          `trap 'echo bye >"$2/bye"; exit 143' TERM; echo $$ >"$2/pid"; ${WAIT_FOR_CANCEL}`
        );
        await yard.untilBegun(ref);
        expect(await yard.cancel(ref)).toEqual({ ok: true, message: '' });
        await yard.untilIn(ref, 'canceled');
        expect(await yard.read(ref, 'bye')).toBe('bye\n');
      });

      it('takes a waiting job out of the queue', async () => {
        const { hold } = stand();
        const blocker = await begin(WAIT_FOR_CANCEL);
        await yard.untilIn(blocker, 'running');
        const held = await submit(await hold(yard, await yard.prepare()));
        expect(await yard.cancel(held)).toEqual({ ok: true, message: '' });
        await yard.untilIn(held, 'canceled');
        expect(await yard.read(held, 'count')).toBeNull();
      });

      it('is content with a job that is over or unknown', async () => {
        const ref = await begin('exit 0');
        await yard.untilIn(ref, 'completed');
        const unknown = refOf(await yard.prepare(), ref.jobId.replace(/^\d+/, '66999999'));
        expect((await yard.cancel(ref, unknown)).ok).toBe(true);
        expect((await yard.ask(ref))[0]?.state).toBe('completed');
      });

      it('calls silence a failure', () => {
        const outcome = yard.scheduler.parseCancel({ status: 1, stdout: '', stderr: 'no fork' });
        expect(outcome).toEqual({ ok: false, message: 'no fork' });
      });
    });
  });
}
