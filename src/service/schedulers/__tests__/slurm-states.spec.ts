import { slurmExit, slurmState, slurmTime } from '../slurm-states';

describe('a state of Slurm', () => {
  it.each([
    ['PENDING', 'pending'],
    ['PD', 'pending'],
    ['CONFIGURING', 'pending'],
    ['REQUEUED', 'pending'],
    ['RQ', 'pending'],
    ['REQUEUE_HOLD', 'pending'],
    ['SPECIAL_EXIT', 'pending'],
    ['EXPEDITING', 'pending'],
    ['RUNNING', 'running'],
    ['COMPLETING', 'running'],
    ['CG', 'running'],
    ['SUSPENDED', 'running'],
    ['COMPLETED', 'completed'],
    ['CD', 'completed'],
    ['FAILED', 'failed'],
    ['CANCELLED', 'canceled'],
    ['CANCELLED by 1001', 'canceled'],
    ['CANCELLED+', 'canceled'],
    ['TIMEOUT', 'timed-out'],
    ['DEADLINE', 'timed-out'],
    ['OUT_OF_MEMORY', 'out-of-memory'],
    ['OOM', 'out-of-memory'],
    ['NODE_FAIL', 'node-failed'],
    ['BOOT_FAIL', 'node-failed'],
    ['PREEMPTED', 'preempted'],
    ['PR', 'preempted'],
    ['COMPLETED,COMPLETING', 'running'],
    ['NODE_FAIL,REQUEUED', 'pending'],
    ['FAILED,LAUNCH_FAILED', 'failed'],
    ['REVOKED', 'other'],
    ['SOMETHING_OF_2030', 'other'],
    ['?', 'other'],
    ['', 'other']
  ])('%j is %s', (token, state) => {
    expect(slurmState(token)).toBe(state);
  });
});

describe('an exit status of Slurm', () => {
  it.each([
    ['0:0', 0, null],
    ['3:0', 3, null],
    ['0:15', null, 15],
    ['768', 3, null],
    ['9', null, 9],
    ['0', 0, null],
    ['4021', null, 53],
    // Our script leaves with the status of its worker, which tells a signal like that.
    ['137:0', null, 9],
    [String(143 * 256), null, 15],
    ['128:0', 128, null],
    ['160:0', 160, null],
    ['253:0', 253, null],
    ['', null, null],
    ['n/a', null, null]
  ])('%j is status %j, signal %j', (text, exitCode, signal) => {
    expect(slurmExit(text)).toEqual({ exitCode, signal });
  });
});

describe('a time of Slurm', () => {
  it.each([
    ['1767225600', '2026-01-01T00:00:00.000Z'],
    ['N/A', null],
    ['Unknown', null],
    ['0', null],
    ['99999999999999', null],
    ['2026-01-01T00:00:00', null]
  ])('%j is %j', (text, iso) => {
    expect(slurmTime(text)).toBe(iso);
  });
});
