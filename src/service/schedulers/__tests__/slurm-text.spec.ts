import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shQuote } from '../../../shared/sh-quote';
import { runShell } from '../../../testing/run-shell';
import type { Answer, JobRef, JobSpec, QueryOutcome, TestOutcome } from '../scheduler';
import { createSlurmScheduler } from '../slurm-scheduler';

const scheduler = createSlurmScheduler();

/** A reply that Slurm 22.05.8 gave. */
const captured = (name: string): Answer =>
  answer(readFileSync(join(__dirname, 'captured/22.05.8', name), 'utf8'));

const answer = (stdout: string): Answer => ({ status: 0, stdout, stderr: '' });

const ref = (jobId: string, key: string): JobRef => ({ jobId, key, directory: `/r/runs/${key}` });

/** A row of the books. */
const book = (
  id: string,
  state: string,
  exit: string,
  nodes: string,
  name: string,
  uid = '1001'
): string =>
  [
    id,
    state,
    exit,
    nodes,
    uid,
    '1',
    '9',
    '8',
    '00:01.500',
    '2',
    'cpu=2,mem=1G,node=1',
    '',
    name
  ].join('|');

/** The reply of a query whose squeue ended with this status and words. */
function squeued(status: number, words: string, booked: string[] = []): Answer {
  const lines = [
    'sluice:me 1001',
    'sluice:now 1795300000',
    'sluice:name 1002 ada',
    `sluice:status-0 ${status}`,
    ...words.split('\n').map(line => `sluice:squeue-0 ${line}`),
    ...booked.map(line => `sluice:sacct-0 ${line}`)
  ];
  return answer(`${lines.join('\n')}\n`);
}

function reports(outcome: QueryOutcome): Extract<QueryOutcome, { kind: 'answered' }>['reports'] {
  if (outcome.kind !== 'answered') {
    throw new Error(outcome.message);
  }
  return outcome.reports;
}

describe('Slurm’s answer to a query', () => {
  const keys = ['done', 'failed', 'killed', 'running', 'held', 'begin', 'timeout', 'canceled'];
  const jobs = [...keys.map((key, index) => ref(`${index + 1}`, key)), ref('66999999', 'done')];

  it('tells the state of each job', () => {
    const found = reports(scheduler.parseQuery(captured('query-many.txt'), jobs));
    const told = found.map(({ key, state, token, reasonToken, exitCode, signal, node }) =>
      [key, state, token, reasonToken, exitCode, signal, node].join(' ')
    );
    expect(told.sort()).toEqual([
      'begin pending PENDING BeginTime   ',
      'canceled canceled CANCELLED   15 node2',
      'done completed COMPLETED  0  node1',
      'failed failed FAILED NonZeroExitCode 3  node1',
      'held pending PENDING JobHeldUser   ',
      'killed failed FAILED JobLaunchFailure  9 node1',
      'running running RUNNING    node1',
      'timeout timed-out TIMEOUT TimeLimit  15 node2'
    ]);
    const begin = found.find(({ key }) => key === 'begin');
    expect(begin?.estimatedStart).toBe('2030-01-01T00:00:00.000Z');
    expect(found.find(({ key }) => key === 'running')?.estimatedStart).toBeNull();
  });

  it('knows that one unknown number is an answer too', () => {
    const gone = [ref('66999999', 'done')];
    expect(scheduler.parseQuery(captured('query-gone.txt'), gone)).toEqual({
      kind: 'answered',
      reports: [],
      at: expect.any(Number) as number,
      books: 'Slurm accounting storage is disabled'
    });
  });

  it('is none where the controller is away', () => {
    for (const words of [
      'slurm_load_jobs error: Unable to contact slurm controller (connect failure)',
      'slurm_load_jobs error: Socket timed out on send/recv operation',
      'squeue: error: Couldn’t find the specified plugin name for auth/munge'
    ]) {
      expect(scheduler.parseQuery(squeued(1, words), jobs)).toEqual({
        kind: 'unanswered',
        message: words
      });
    }
  });

  it('is none where squeue is missing or was cut off', () => {
    expect(scheduler.parseQuery(squeued(127, 'sh: squeue: not found'), jobs).kind).toBe(
      'unanswered'
    );
    expect(scheduler.parseQuery(answer('sluice:squeue-0 1|RUNNING|0'), jobs).kind).toBe(
      'unanswered'
    );
    expect(scheduler.parseQuery({ status: 143, stdout: '', stderr: 'Terminated' }, jobs)).toEqual({
      kind: 'unanswered',
      message: 'Terminated'
    });
  });

  it('is absence where it is empty and successful', () => {
    expect(scheduler.parseQuery(squeued(0, ''), jobs)).toEqual({
      kind: 'answered',
      reports: [],
      at: 1795300000
    });
  });

  it('comes from the books for what the controller has forgotten', () => {
    const booked = [
      book('1', 'COMPLETED', '0:0', 'node[1-2]', 'done'),
      book('2', 'FAILED', '3:0', 'node1', 'failed'),
      book('3', 'CANCELLED by 1001', '0:15', 'None assigned', 'killed'),
      book('4', 'NODE_FAIL', '1:0', 'node1', 'running'),
      book('4', 'OUT_OF_MEMORY', '0:125', 'node2', 'running')
    ];
    const found = reports(scheduler.parseQuery(squeued(0, '', booked), jobs));
    expect(found).toMatchObject([
      {
        key: 'done',
        state: 'completed',
        exitCode: 0,
        signal: null,
        node: 'node[1-2]',
        restarts: 0
      },
      { key: 'failed', state: 'failed', exitCode: 3, signal: null },
      { key: 'killed', state: 'canceled', token: 'CANCELLED by 1001', signal: 15, node: null },
      { key: 'running', state: 'out-of-memory', restarts: 1, signal: 125 }
    ]);
  });

  it('does not take an open record in the books for a sign of life', () => {
    const booked = [
      book('1', 'RUNNING', '0:0', 'node1', 'done'),
      book('2', 'PENDING', '0:0', 'None assigned', 'failed')
    ];
    expect(reports(scheduler.parseQuery(squeued(0, '', booked), jobs))).toEqual([]);
  });

  it('does not take a record of someone else with the same number for ours', () => {
    const booked = [
      book('1', 'COMPLETED', '0:0', 'n', 'old job'),
      book('2', 'COMPLETED', '0:0', 'n', 'failed|x'),
      book('3', 'FAILED', '1:0', 'n', 'x|killed'),
      book('8', 'FAILED', '1:0', 'n', 'canceled', '1002')
    ];
    const rows = [
      '4|RUNNING|0|0|1|NONE|1001|n|not|running|None',
      '5|RUNNING|0|0|1|NONE|1001|n|other|held',
      '7|FAILED|0|0|1|2|1002|n|timeout|None'
    ].join('\n');
    expect(reports(scheduler.parseQuery(squeued(0, rows, booked), jobs))).toEqual([]);
  });

  it('reads the exit status as releases since 23.02 print it', () => {
    const rows =
      '2|FAILED|2|3:0|1|9|1001|node1|failed|NonZeroExitCode\n3|FAILED|0|0:9|1|9|1001|node1|killed|None';
    expect(reports(scheduler.parseQuery(squeued(0, rows), jobs))).toMatchObject([
      { exitCode: 3, signal: null, restarts: 2 },
      { exitCode: null, signal: 9, restarts: 0 }
    ]);
  });

  it('keeps hostile words as data', () => {
    const rows =
      '1|RUNNING|0|0|1|NONE|1001|$(touch x)\u001b[2J|done|a|b `c` sluice:squeue-0 2|COMPLETED|0|0|1|n|failed|None';
    expect(reports(scheduler.parseQuery(squeued(0, rows), jobs))).toMatchObject([
      {
        key: 'done',
        node: '$(touch x)\u001b[2J',
        reasonToken: expect.stringContaining('a|b `c`') as string
      }
    ]);
  });

  it('is one for each cluster', () => {
    const both = [ref('1', 'done'), ref('1;far', 'failed')];
    const text = scheduler.buildQuery(both);
    expect(text.match(/squeue --noheader/g)).toHaveLength(2);
    expect(text).toContain("--clusters='far' --jobs=1");
    const stdout = [
      'sluice:status-0 0',
      'sluice:squeue-0 1|RUNNING|0|0:0|1|NONE|1001|n|done|None',
      'sluice:status-1 0',
      'sluice:squeue-1 CLUSTER: far',
      'sluice:squeue-1 1|PENDING|0|0:0|N/A|N/A|1001|n/a|failed|Priority'
    ];
    const found = reports(scheduler.parseQuery(answer(stdout.join('\n')), both));
    expect(found.map(({ jobId, state }) => [jobId, state])).toEqual([
      ['1', 'running'],
      ['1;far', 'pending']
    ]);
    stdout[2] = 'sluice:status-1 1';
    expect(scheduler.parseQuery(answer(stdout.join('\n')), both).kind).toBe('unanswered');
  });

  it('is asked for all jobs in one call', () => {
    const many = Array.from({ length: 500 }, (_, index) => ref(`${index + 1}`, `key-${index}`));
    const text = scheduler.buildQuery(many);
    expect(text.match(/squeue --noheader/g)).toHaveLength(1);
    expect(text.match(/sacct --noheader/g)).toHaveLength(1);
  });

  it('is not asked for what is no id', () => {
    expect(() => scheduler.buildQuery([ref('1; touch x', 'k')])).not.toThrow();
    expect(scheduler.buildQuery([ref('1; touch x', 'k')])).toContain(`--clusters=' touch x'`);
    expect(() => scheduler.buildQuery([ref('$(touch x)', 'k')])).toThrow(
      /not an id of a Slurm job/
    );
  });
});

describe('Slurm’s answer to a search', () => {
  it('finds the job in the queue', () => {
    expect(reports(scheduler.parseSearch(captured('search.txt')))).toMatchObject([
      { jobId: '4', key: 'running', state: 'running' }
    ]);
  });

  it('finds it in the books, where every state counts, and once', () => {
    const row = '7|RUNNING|0|0:0|1|NONE|1001|n|key|None';
    const booked = [
      book('7', 'RUNNING', '0:0', 'n', 'key'),
      book('5', 'PENDING', '0:0', 'None assigned', 'key')
    ];
    const found = reports(scheduler.parseSearch(squeued(0, row, booked)));
    expect(found.map(({ jobId, state }) => [jobId, state])).toEqual([
      ['7', 'running'],
      ['5', 'pending']
    ]);
  });
});

describe('Slurm’s answer to a submit', () => {
  const refused = (words: string, status = 1): Answer =>
    answer(
      [`sluice:status ${status}`, ...words.split('\n').map(line => `sluice:said ${line}`)].join(
        '\n'
      )
    );

  it('is an id', () => {
    expect(scheduler.parseSubmit(captured('submit-accepted.txt'))).toEqual({
      kind: 'accepted',
      jobId: '9'
    });
    expect(scheduler.parseSubmit(answer('sluice:job 12;far\n'))).toEqual({
      kind: 'accepted',
      jobId: '12;far'
    });
  });

  it('is a refusal in full', () => {
    expect(scheduler.parseSubmit(captured('submit-refused.txt'))).toEqual({
      kind: 'refused',
      message:
        'sbatch: error: invalid partition specified: nowhere\n' +
        'sbatch: error: Batch job submission failed: Invalid partition name specified'
    });
    expect(scheduler.parseSubmit(captured('submit-bad-option.txt'))).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining("unrecognized option '--bogus'") as string
    });
    expect(scheduler.parseSubmit(refused('sh: 1: sbatch: not found', 127)).kind).toBe('refused');
  });

  it.each([
    'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation',
    'sbatch: error: Batch job submission failed: Unable to contact slurm controller (receive failure)',
    'sbatch: error: Batch job submission failed: Zero Bytes were transmitted or received',
    'sbatch: error: Batch job submission failed: Unexpected message received',
    'sbatch: error: Batch job submission failed: Transport endpoint is not connected',
    'sbatch: error: Batch job submission failed: Connection timed out reading',
    'sbatch: error: Batch job submission failed: Connection reset by peer',
    'sbatch: error: Batch job submission failed: Message send failure',
    'sbatch: error: Batch job submission failed: Resource temporarily unavailable',
    'sbatch: error: slurm_receive_msg: Header lengths are longer than data received',
    'sbatch: error: the site says hello\nsbatch: error: Batch job submission failed: Broken pipe',
    'Too many requests',
    'sbatch-wrapper: Too many requests, try again in 60 s',
    'sbatch: RPC rate limited 3 time(s). Sleeping then trying again.'
  ])('leaves open whether there is a job after “%s”', words => {
    expect(scheduler.parseSubmit(refused(words))).toEqual({ kind: 'unclear', message: words });
  });

  const NO_PARTITION =
    'sbatch: error: Batch job submission failed: Invalid partition name specified';

  it.each([
    `sbatch: error: invalid partition specified: timeout\n${NO_PARTITION}`,
    `sbatch: error: invalid partition specified: broken-pipe\n${NO_PARTITION}`,
    `sbatch: error: Your timeout of 5 days is too long: timed out jobs cost everybody\n${NO_PARTITION}`,
    `sbatch: error: Too many requests of yours wait\n${NO_PARTITION}`,
    "sbatch: unrecognized option '--rate-limit'",
    'sbatch: error: Unable to open file Connection refused.sh',
    'sbatch: error: Connection refused by policy: ask for an account of project timeout',
    'sbatch: error: Batch job submission failed: Requested time limit is invalid (missing or exceeds some limit)'
  ])('takes “%s” for a refusal', words => {
    expect(scheduler.parseSubmit(refused(words))).toEqual({ kind: 'refused', message: words });
  });

  it.each([
    ['Batch job submission failed: Rate limit exceeded, please retry momentarily', true],
    ['Unable to contact slurm controller (connect failure)', true],
    ['Unable to contact slurm controller (receive failure)', false],
    ['Rate limit exceeded, please retry momentarily', false],
    ['Too many requests', false]
  ])('may be asked for again after “%s”: %s', async (words, isSo) => {
    const directory = mkdtempSync(join(tmpdir(), 'sluice-sbatch-'));
    const run = join(directory, 'run');
    writeFileSync(
      join(directory, 'sbatch'),
      `#!/bin/sh\necho 'sbatch: error: ${words}' >&2\nexit 1\n`,
      { mode: 0o700 }
    );
    const job = {
      key: 'k',
      root: directory,
      directory: run,
      setup: [],
      python: 'python3',
      workerPath: 'w',
      resources: {}
    };
    const text = `PATH=${shQuote(directory)}:$PATH\n${scheduler.buildSubmit(job)}`;
    const outcome = scheduler.parseSubmit(await runShell(text));
    rmSync(directory, { recursive: true });
    expect(outcome.kind).toBe(isSo ? 'unavailable' : 'unclear');
  });

  it('leaves it open when sbatch was cut off, or its id cannot be read', () => {
    expect(scheduler.parseSubmit(refused('', 137)).kind).toBe('unclear');
    expect(scheduler.parseSubmit(refused('Submitted, as you like', 0))).toEqual({
      kind: 'unclear',
      message: 'Submitted, as you like'
    });
  });
});

describe('Slurm’s answer to a test', () => {
  const job: JobSpec = {
    key: 'k',
    root: '/r',
    directory: '/r/runs/k',
    setup: [],
    python: 'python3',
    workerPath: '/r/worker/1',
    resources: {}
  };
  const parse = (reply: Answer): TestOutcome | undefined => scheduler.parseTest(reply, [job])[0];

  it('tells when the job would start', () => {
    expect(parse(captured('test-accepted.txt'))).toMatchObject({
      accepted: true,
      estimatedStart: '2026-11-22T04:25:58.000Z',
      message: null
    });
    const newer =
      'sluice:status-0 0\nsluice:said-0 sbatch: Job 9 to start at 1767225600 on cluster far a using 1 processors on nodes n in partition p\n';
    expect(parse(answer(newer))?.estimatedStart).toBe('2026-01-01T00:00:00.000Z');
  });

  it('passes on warnings and refusals', () => {
    expect(parse(captured('test-warned.txt'))).toMatchObject({
      accepted: true,
      message: "sbatch: Warning: can't run 1 processes on 2 nodes, setting nnodes to 1"
    });
    expect(parse(captured('test-refused.txt'))).toMatchObject({
      accepted: false,
      message: expect.stringContaining('Invalid partition name specified') as string
    });
    expect(parse({ status: 1, stdout: '', stderr: 'no fork' })).toEqual({
      accepted: false,
      estimatedStart: null,
      message: 'no fork'
    });
  });

  it('names no start behind jobs that have no end', () => {
    expect(parse(captured('test-endless.txt'))).toEqual({
      accepted: true,
      estimatedStart: null,
      message: expect.stringContaining('without a time limit') as string
    });
    expect(parse(captured('test-impossible.txt'))).toEqual({
      accepted: false,
      estimatedStart: null,
      message: 'allocation failure: Requested node configuration is not available'
    });
  });

  it('keeps several jobs apart, each with its own options, in one script', () => {
    const jobs = [job, { ...job, resources: { time: '1:00:00' } }];
    const text = scheduler.buildTest(jobs) ?? '';
    expect(text.match(/sbatch --test-only/g)).toHaveLength(2);
    expect(text.match(/'--time=1:00:00'/g)).toHaveLength(1);
    const reply = [
      'sluice:status-0 1',
      'sluice:said-0 sbatch: error: too long',
      'sluice:status-1 0',
      'sluice:said-1 sbatch: Job 9 to start at 1767225600 using 1 processors on nodes n'
    ];
    expect(scheduler.parseTest(answer(reply.join('\n')), jobs)).toEqual([
      { accepted: false, estimatedStart: null, message: 'sbatch: error: too long' },
      { accepted: true, estimatedStart: '2026-01-01T00:00:00.000Z', message: null }
    ]);
  });
});

describe('Slurm’s answer to a cancel', () => {
  it('is fine for jobs that are gone', () => {
    expect(scheduler.parseCancel(captured('cancel-gone.txt'))).toEqual({ ok: true, message: '' });
    const newer =
      'sluice:status 1\nsluice:said scancel: error: Kill job error on job id 5: Invalid job id specified\n';
    expect(scheduler.parseCancel(answer(newer)).ok).toBe(true);
    const over =
      'sluice:status 1\nsluice:said scancel: error: Kill job error on job id 5: Job/step already completing or completed\n';
    expect(scheduler.parseCancel(answer(over)).ok).toBe(true);
  });

  it('is none where the controller is away or forbids it', () => {
    for (const words of [
      'scancel: error: Kill job error on job id 5: Access/permission denied',
      'scancel: error: slurm_kill_job2() failed Unable to contact slurm controller (connect failure)'
    ]) {
      expect(scheduler.parseCancel(answer(`sluice:status 1\nsluice:said ${words}\n`))).toEqual({
        ok: false,
        message: words
      });
    }
    expect(scheduler.parseCancel(answer('sluice:status 1\n')).ok).toBe(false);
  });
});
