import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IScheduler, JobReport } from '../../schedulers/scheduler';
import { createProcessScheduler } from '../../schedulers/process-scheduler';
import { Hosts } from '../../tasks/hosts';
import { systemClock } from '../../tasks/clock';
import { Submitter } from '../../tasks/submitter';
import { createLocalTransport } from '../../transports/local-transport';
import { jobFinding, mountsFinding, networkFinding } from '../trial-findings';
import { TrialJob, type TrialEnd, type TrialOrder } from '../trial-job';

const PATIENCE_MS = 60_000;
const AFTER_MS = 10_000;

const queued = (reasonToken: string): JobReport => ({
  jobId: '7',
  key: 'trial',
  state: 'pending',
  token: 'PENDING',
  reasonToken,
  node: null,
  restarts: 0,
  exitCode: null,
  signal: null,
  estimatedStart: '2030-01-01T00:00:00.000Z'
});

describe('the trial job', () => {
  let root: string;
  let canceled: number;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'trial-'));
    mkdirSync(join(root, 'doctor/trial'), { recursive: true });
    canceled = 0;
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  /** A scheduler that takes a job and lets it wait for this reason. */
  const waiting = (reason: string): IScheduler => ({
    ...createProcessScheduler(),
    buildSubmit: () => "printf 'sluice:job 7\\n'",
    parseSubmit: () => ({ kind: 'accepted', jobId: '7' }),
    buildQuery: () => ':',
    parseQuery: () => ({ kind: 'answered', reports: [queued(reason)] }),
    buildCancel: () => {
      canceled += 1;
      return ':';
    }
  });

  const order = (python: string): TrialOrder => {
    const directory = join(root, 'doctor/trial');
    const workerPath = join(directory, 'trial.py');
    return {
      place: { scheduler: 'process', host: null, sshConfig: null, root, python, setup: [] },
      job: { key: 'trial', root, directory, setup: [], python, workerPath, resources: {} },
      places: [root, join(root, 'nowhere')],
      lookUp: 'localhost'
    };
  };

  /** Time that passes with each pause alone. */
  function run(scheduler: IScheduler, python = 'python3', isReal = false): Promise<TrialEnd> {
    let nowMs = 0;
    const clock = {
      nowMs: () => nowMs,
      elapsedMs: () => nowMs,
      delay: async () => {
        nowMs += AFTER_MS;
      }
    };
    const hosts = new Hosts({
      transport: () => createLocalTransport(),
      scheduler: () => scheduler
    });
    const used = isReal ? systemClock : clock;
    const submitter = new Submitter({ hosts, clock: used, retrying: () => undefined });
    const trial = new TrialJob({ hosts, submitter, clock: used, patienceMs: PATIENCE_MS });
    return trial.run(order(python), () => undefined, new AbortController().signal);
  }

  it('that waits for too long is canceled, with the estimate of its start', async () => {
    const end = await run(waiting('Priority'));
    expect(end).toMatchObject({ kind: 'waiting', estimatedStart: '2030-01-01T00:00:00.000Z' });
    expect(canceled).toBe(1);
    const finding = jobFinding(end, 'moon', PATIENCE_MS);
    expect(finding.state).toBe('warning');
    expect(finding.found).toBe(
      'still in the queue after 60 s, and canceled; estimated start 2030-01-01T00:00:00.000Z'
    );
  });

  it('that can never start fails at once, in the words of its reason', async () => {
    const end = await run(waiting('PartitionTimeLimit'));
    expect(end).toMatchObject({ kind: 'failed' });
    expect(jobFinding(end, 'moon', PATIENCE_MS)).toMatchObject({
      state: 'failed',
      problem: { code: 'trial-failed' }
    });
    expect(canceled).toBe(1);
  });

  it('tells what its node sees', async () => {
    const end = await run(createProcessScheduler(), 'python3', true);
    expect(end.kind).toBe('reported');
    if (end.kind === 'reported') {
      const named = [
        { label: 'root', path: root },
        { label: 'scratch', path: join(root, 'nowhere') }
      ];
      expect(mountsFinding(end.report, named)).toMatchObject({
        state: 'warning',
        found: expect.stringMatching(/ sees root; not scratch$/) as string
      });
      expect(networkFinding(end.report, 'localhost').state).toBe('passed');
      expect(networkFinding({ ...end.report, network: 'silent' }, 'x').state).toBe('warning');
    }
  });

  it('whose Python ends badly fails with the last words of its log', async () => {
    const end = await run(createProcessScheduler(), '/nowhere/python', true);
    expect(end.kind).toBe('failed');
    expect(jobFinding(end, 'moon', PATIENCE_MS).found).toContain('/nowhere/python');
    expect(existsSync(join(root, 'doctor/trial/report.json'))).toBe(false);
  }, 40_000);
});
