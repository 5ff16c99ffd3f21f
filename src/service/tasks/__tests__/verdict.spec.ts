import type { JobReport, JobState } from '../../schedulers/scheduler';
import type { EndRecord } from '../../store/task-record';
import { reasonOf } from '../reason';
import { type Evidence, judge } from '../verdict';

const nothing: Evidence = {
  phase: 'queued',
  cancelRequested: false,
  started: false,
  end: null,
  hasAllEvents: false,
  report: null,
  drained: false,
  absentForMs: 0,
  overForMs: 0,
  lagMs: 30_000
};

const ended = (status: EndRecord['status']): Partial<Evidence> => ({
  phase: 'running',
  started: true,
  hasAllEvents: true,
  end: {
    status,
    exitCode: status === 'ok' ? 0 : 1,
    signal: null,
    ename: 'ValueError',
    evalue: 'no',
    lastSeq: 3
  }
});

const report = (state: JobState, change: Partial<JobReport> = {}): JobReport => ({
  jobId: '7',
  key: 'sl-x',
  state,
  token: state.toUpperCase(),
  reasonToken: null,
  node: null,
  restarts: 0,
  exitCode: null,
  signal: null,
  estimatedStart: null,
  ...change
});

const phaseOf = (evidence: Partial<Evidence>): string | undefined =>
  judge({ ...nothing, ...evidence })?.phase;

describe('judge', () => {
  it.each<[string, Partial<Evidence>, string | undefined]>([
    ['says nothing without evidence', {}, undefined],
    ['believes a worker that began', { started: true }, 'running'],
    ['completes on the end record', ended('ok'), 'completed'],
    ['fails on an exception', ended('error'), 'failed'],
    ['waits until all events are here', { ...ended('ok'), hasAllEvents: false }, undefined],
    ['waits for a word on a termination', ended('terminated'), undefined],
    [
      'calls a termination canceled when the person asked for it',
      { ...ended('terminated'), cancelRequested: true },
      'canceled'
    ],
    [
      'takes the time limit from the scheduler',
      { ...ended('terminated'), report: report('timed-out') },
      'timed-out'
    ],
    [
      'lets an end record stand although the scheduler says canceled later',
      { ...ended('ok'), cancelRequested: true, report: report('canceled') },
      'completed'
    ],
    [
      'fails a termination that nobody explains in time',
      { ...ended('terminated'), report: 'absent', absentForMs: 31_000 },
      'failed'
    ],
    ['queues', { report: report('pending', { reasonToken: 'Priority' }) }, 'queued'],
    [
      'does not go back to the queue on a stale word',
      { phase: 'running', started: true, report: report('pending') },
      undefined
    ],
    ['does not end on an unknown word', { report: report('other') }, undefined],
    ['does not end before the file is drained', { report: report('canceled') }, undefined],
    ['cancels once drained', { report: report('canceled'), drained: true }, 'canceled'],
    [
      'gives a worker that began time to leave its end record',
      {
        phase: 'running',
        started: true,
        report: report('completed'),
        drained: true,
        overForMs: 5000
      },
      undefined
    ],
    [
      'does not wait for what cannot lag',
      {
        phase: 'running',
        started: true,
        report: report('failed', { signal: 11 }),
        drained: true,
        overForMs: 1500,
        lagMs: 1000
      },
      'failed'
    ],
    [
      'does not call a job without end record completed',
      {
        phase: 'running',
        started: true,
        report: report('completed'),
        drained: true,
        overForMs: 31_000
      },
      'unknown'
    ],
    [
      'fails a job that never began its worker',
      { report: report('failed', { exitCode: 127 }), drained: true, overForMs: 3000 },
      'failed'
    ],
    ['takes absence for nothing at first', { report: 'absent', absentForMs: 60_000 }, undefined],
    [
      'says unknown, not failed, after a long absence',
      { report: 'absent', absentForMs: 301_000 },
      'unknown'
    ]
  ])('%s', (_, evidence, phase) => {
    expect(phaseOf(evidence)).toBe(phase);
  });

  it('gives the reason in words with the token of the scheduler beside it', () => {
    const verdict = judge({
      ...nothing,
      report: report('pending', { reasonToken: 'Resources', estimatedStart: '2026-01-02T03:04:05' })
    });
    expect(verdict?.reason).toEqual({
      code: 'resources',
      message: 'Waiting for free nodes. Estimated start: 2026-01-02T03:04:05.',
      hint: 'A smaller or shorter job may start sooner.',
      token: 'Resources'
    });
  });

  it('names the exception', () => {
    const verdict = judge({ ...nothing, ...ended('error') });
    expect(verdict?.reason).toMatchObject({ message: 'ValueError: no', hint: null });
  });

  it.each([
    ["[Errno 28] No space left on device: 'model.pt'", 'The disk there is full'],
    ["[Errno 122] Disk quota exceeded: 'model.pt'", 'Your quota there is used up']
  ])('says that there was no room: %s', (words, what) => {
    const reason = reasonOf.exception('OSError', words);
    expect(reason).toMatchObject({ code: 'exception', message: `OSError: ${words}` });
    expect(reason.hint).toContain(what);
  });
});
