import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { shQuote } from '../../../shared/sh-quote';
import { runShell } from '../../../testing/run-shell';
import { venvPython } from '../../../testing/service-stand';
import type { Answer } from '../../schedulers/scheduler';
import { createSlurmScheduler } from '../../schedulers/slurm-scheduler';
import { buildFence, type FenceDepth, type FenceReply, parseFence, type RunFacts } from '../fence';

/** The worker's own claim, by a job of this id. */
const CLAIM = `import sys
from sluice.worker.claim import ClaimedError, claim
from sluice.worker.job import Job
from sluice.worker.layout import RunLayout
try:
    claim(RunLayout(sys.argv[1]), Job(sys.argv[2], int(sys.argv[3])))
except ClaimedError as error:
    sys.exit(str(error))
`;
const checkout = resolve(__dirname, '../../../..');
const scheduler = createSlurmScheduler();

let base: string;
let run: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), `fence 'q' "d" $(x) é-`));
  run = join(base, 'runs/sl-1');
});
afterEach(() => {
  rmSync(base, { recursive: true });
});

const claim = (jobId: string, attempt = 0): Promise<Answer> =>
  runShell(
    `cd ${shQuote(checkout)} && ${[venvPython, '-c', CLAIM, run, jobId, String(attempt)].map(shQuote).join(' ')}`
  );

async function fence(depth: FenceDepth, shell = 'dash'): Promise<FenceReply> {
  const { stdout } = await runShell(buildFence([run], depth), { shell });
  return parseFence(stdout, 1)[0] as FenceReply;
}

function facts(reply: FenceReply): RunFacts {
  if ('fault' in reply) {
    throw new Error(reply.fault);
  }
  return reply;
}

const begun = (files: Record<string, string>): void => {
  mkdirSync(join(run, 'submit'), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(run, name), text);
  }
};

describe.each(['dash', 'bash'])('a fence by %s', shell => {
  it('looks without touching anything', async () => {
    const reply = facts(await fence('look', shell));
    expect(reply).toMatchObject({ owner: { kind: 'free' }, jobId: null, isBegun: false });
    expect(existsSync(run)).toBe(false);
  });

  it('holds where the run is not there yet, and says so again', async () => {
    expect(facts(await fence('fence', shell)).owner).toEqual({ kind: 'fenced' });
    expect(facts(await fence('fence', shell)).owner).toEqual({ kind: 'fenced' });
    expect(readdirSync(run)).toEqual(['claim']);
    expect(readdirSync(join(run, 'claim'))).toEqual(['owner']);
    expect(JSON.parse(readFileSync(join(run, 'claim/owner'), 'utf8'))).toMatchObject({
      version: 1,
      jobId: '',
      attempt: 0,
      fenced: true
    });
  });

  it('tells what is known of the submit', async () => {
    begun({ 'job-id': '12\n', 'submit/began': '1700000000\n', 'submit/stdout': 'hello\n12\n1' });
    expect(facts(await fence('look', shell))).toMatchObject({
      jobId: '12',
      isBegun: true,
      startedAt: 1_700_000_000,
      printed: ['hello', '12'],
      status: null
    });
  });

  it('tells how the submit command failed', async () => {
    begun({ 'submit/status': '1\n', 'submit/stderr': `sbatch: error: a\\tb "c" $(d)\nmore\n` });
    expect(facts(await fence('look', shell))).toMatchObject({
      status: 1,
      said: 'sbatch: error: a\\tb "c" $(d)\nmore'
    });
  });
});

describe('a fence against a worker', () => {
  it('refuses the one that comes later, in words of its own', async () => {
    await fence('fence');
    const { status, stderr } = await claim('7');
    expect(status).toBe(1);
    expect(stderr).toMatch(/given up before it began/);
  });

  it('gives way to the one that came first, which may be started again', async () => {
    mkdirSync(run, { recursive: true });
    expect((await claim('7')).status).toBe(0);
    expect(facts(await fence('fence')).owner).toEqual({ kind: 'job', jobId: '7' });
    expect((await claim('7', 1)).status).toBe(0);
  });

  it('at the end of a task, keeps the one that came first from being started again', async () => {
    mkdirSync(run, { recursive: true });
    expect((await claim('7')).status).toBe(0);
    expect(facts(await fence('end')).owner).toEqual({ kind: 'job', jobId: '7' });
    const { status, stderr } = await claim('7', 1);
    expect(status).toBe(1);
    expect(stderr).toMatch(/canceled; it is not started again/);
  });

  it.each([1, 2, 3, 4])('lets one of them through when all come at once (%s)', async () => {
    mkdirSync(run, { recursive: true });
    const [worker, ...fences] = await Promise.all([
      claim('7'),
      ...[1, 2, 3].map(() => fence('fence'))
    ]);
    const owner = worker.status === 0 ? { kind: 'job', jobId: '7' } : { kind: 'fenced' };
    expect(fences.map(reply => facts(reply).owner)).toEqual([owner, owner, owner]);
    expect(readdirSync(join(run, 'claim'))).toEqual(['owner']);
  });

  it('takes a claim that nobody can read for nobody’s', async () => {
    mkdirSync(join(run, 'claim'), { recursive: true });
    expect(facts(await fence('fence')).owner).toEqual({ kind: 'unreadable' });
  });
});

it('says why no fence could be made', async () => {
  mkdirSync(join(base, 'runs'));
  writeFileSync(run, '');
  const reply = await fence('fence');
  expect('fault' in reply ? reply.fault : '').toMatch(/exists|not a dir/i);
});

it('says so where the host was cut off in the middle', async () => {
  const whole = (await runShell(buildFence([run, `${run}b`], 'fence'))).stdout;
  const [first] = parseFence(whole, 2);
  expect(facts(first as FenceReply).owner).toEqual({ kind: 'fenced' });
  const second = parseFence(whole.slice(0, whole.indexOf('sluice:run 1 now')), 2)[1];
  expect(second).toHaveProperty('fault');
});

describe('a stub and a fence', () => {
  const job = (): Parameters<typeof scheduler.buildSubmit>[0] => ({
    key: 'sl-1',
    root: base,
    directory: run,
    setup: [],
    python: 'python3',
    workerPath: base,
    resources: {}
  });
  /** Commands of this text stand in for Slurm's. */
  const withCommands = async (sbatch: string): Promise<Answer> => {
    const bin = join(base, 'bin');
    mkdirSync(bin);
    const write = (name: string, text: string): void => {
      writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    };
    write('sbatch', sbatch);
    write('squeue', 'exit 0');
    write('scancel', `echo "$*" >>${shQuote(join(base, 'canceled'))}`);
    const environment = { ...process.env, PATH: `${bin}:${process.env['PATH']}` };
    return runShell(scheduler.buildSubmit(job()), { environment });
  };

  it('submits nothing for a run that was given up', async () => {
    await fence('fence');
    const answer = await withCommands(`touch ${shQuote(join(base, 'ran'))}; echo 12`);
    expect(scheduler.parseSubmit(answer)).toMatchObject({ kind: 'fenced' });
    expect(existsSync(join(base, 'ran'))).toBe(false);
    expect(facts(await fence('look'))).toMatchObject({ isBegun: true, startedAt: null });
  });

  it('takes back what was accepted while the run was given up', async () => {
    const meanwhile = shQuote(join(base, 'fence.sh'));
    writeFileSync(join(base, 'fence.sh'), buildFence([run], 'fence'));
    const answer = await withCommands(`sh ${meanwhile} >/dev/null; echo '12;far'`);
    expect(scheduler.parseSubmit(answer)).toEqual({ kind: 'accepted', jobId: '12;far' });
    expect(readFileSync(join(base, 'canceled'), 'utf8')).toBe('--clusters=far 12\n');
    expect(facts(await fence('look')).startedAt).not.toBeNull();
  });

  it('leaves the queue alone when a worker came first', async () => {
    mkdirSync(run, { recursive: true });
    const answer = await withCommands('echo 12');
    expect(scheduler.parseSubmit(answer)).toEqual({ kind: 'accepted', jobId: '12' });
    expect(existsSync(join(base, 'canceled'))).toBe(false);
  });
});
