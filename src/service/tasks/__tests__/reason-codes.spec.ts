import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { limitReason } from '../limit-reason';
import { pendingReason } from '../pending-reasons';

const SOURCES = ['end-reasons', 'doubt-reasons', 'pending-reasons', 'limit-reason', 'reason'];

/** The codes that the tables of reasons have, by their own text. */
function codesInSource(): Set<string> {
  const texts = SOURCES.map(name => readFileSync(join(__dirname, `../${name}.ts`), 'utf8'));
  const found = texts.flatMap(text => [...text.matchAll(/\[\s*'([a-z]+(?:-[a-z]+)*)',/g)]);
  return new Set(found.map(([, code = '']) => code));
}

function codesInDocs(): Set<string> {
  const text = readFileSync(join(__dirname, '../../../../docs/tasks.md'), 'utf8');
  const [, section = ''] = /\n## How it ended\n([\s\S]*?)\n## /.exec(text) ?? [];
  const codes = [...section.matchAll(/`([a-z]+(?:-[a-z]+)*)`/g)].map(([, code = '']) => code);
  return new Set(codes.filter(code => code !== 'scancel'));
}

it('the page about tasks names every code of a reason, and no other', () => {
  expect([...codesInDocs()].sort()).toEqual([...codesInSource()].sort());
});

describe('a reason of Slurm for a job that waits', () => {
  it.each([
    ['Priority', 'priority', 'Other jobs are ahead in the queue.'],
    ['JobHeldAdmin', 'held-admin', 'An administrator holds this job.'],
    ['Licenses', 'licenses', 'Waiting for a software license.'],
    ['InvalidQOS', 'qos', 'The QOS is not valid (any more).'],
    ['(launch failed requeued held)', 'launch-failed', /held/],
    ['launch_failed_requeued_held', 'launch-failed', /held/],
    ['job_requeued_in_held_state', 'held-requeued', /held/],
    ['ReqNodeNotAvail, UnavailableNodes:node[3-4]', 'maintenance', /Not available: node\[3-4\]\./],
    ['ReqNodeNotAvail,_UnavailableNodes:node3', 'maintenance', /Not available: node3\./],
    ['ReqNodeNotAvail(Unavailable:n1)', 'maintenance', /not available/],
    [
      'Nodes_required_for_job_are_DOWN,_DRAINED_or_reserved_for_jobs_in_higher_priority_partitions',
      'node',
      /down, drained or reserved/
    ],
    [
      'AssocGrpCpuLimit',
      'limit',
      'Jobs already use all the CPUs that your account allows them together.'
    ],
    ['AssocGrpCPUMinutesLimit', 'budget', 'The time on CPUs that your account has is used up.'],
    ['QOSGrpGRESRunMinutes', 'limit', /The running jobs hold all the time on GPUs/],
    [
      'QOSMaxWallDurationPerJobLimit',
      'limit',
      'It asks for more time than the QOS allows for one job.'
    ],
    [
      'QOSMaxGRESPerUser',
      'limit',
      'Your jobs are at the limit of GPUs (or other devices) that the QOS sets.'
    ],
    [
      'QOSMaxJobsPerUserLimit',
      'limit',
      'Your jobs are at the limit of running jobs that the QOS sets.'
    ],
    ['QOSMaxMemoryPerNode', 'limit', 'It asks for more memory than the QOS allows on one node.'],
    ['MaxJobsPerAccount', 'limit', /running jobs that the QOS, for one account, sets/],
    ['QOSMinGRES', 'limit', /less GPUs/],
    ['QOSMinCpuNotSatisfied', 'limit', /less CPUs/],
    ['AssocMaxSubmitJobLimit', 'limit', /jobs in the queue/],
    ['SomethingLimit', 'limit', /A limit of your account/],
    ['SomethingOf2030', 'waiting', 'Waiting in the queue.']
  ])('%s', (token, code, words) => {
    const [found, message] = pendingReason(token);
    expect(found).toBe(code);
    expect(message).toEqual(typeof words === 'string' ? words : expect.stringMatching(words));
  });

  it('is a limit only where it names one', () => {
    expect(limitReason('Priority')).toBeNull();
  });
});
