import type { TaskEvent } from '../../shared/wire/events';
import type { Task } from '../../shared/wire/task';
import { makeEvent, makeTask } from '../../client/__tests__/make-task';
import { SluiceError } from '../../shared/errors';
import { errorStatus, taskStatus } from '../exit-status';
import { eventPieces } from '../print/event-text';
import { plainText } from '../print/plain-text';
import { table } from '../print/table';
import { elapsed } from '../print/elapsed';
import { phaseLine, taskList } from '../print/task-text';

describe('words for a terminal', () => {
  it('stand in columns and move no cursor', () => {
    const rows = [
      ['a', 'first'],
      ['longer é', '\u001b[2Jsecond\nline\u202e']
    ];
    expect(table(['ID', 'WORDS'], rows)).toBe(
      'ID        WORDS\na         first\nlonger é  [2Jsecond line\n'
    );
    expect(plainText('\r\u0007 a\u009bb ')).toBe('a b');
  });

  it('make no room for a word that is far too long, in tables of any length', () => {
    const rows = Array.from({ length: 200_000 }, (_, at) => [`f${at}`, 'x']);
    const long = 'e'.repeat(4000);
    const text = table(['FILE', 'KIND'], [[long, 'y'], ...rows]);
    expect(text.slice(0, 14)).toBe('FILE     KIND\n');
    expect(text).toContain(`${long}  y\n`);
    expect(text).toContain('\nf199999  x\n');
  });

  it('tell a task in one line', () => {
    const reason = { code: 'priority', message: 'Others first.', hint: null, token: 'Priority' };
    expect(phaseLine(makeTask({ phase: 'queued', reason }))).toBe('queued (job 12): Others first.');
    expect(phaseLine(makeTask({ jobId: null, phase: 'preparing', progress: 'sending' }))).toBe(
      'preparing: sending'
    );
    expect(phaseLine(makeTask({ phase: 'unknown', uncertain: true }))).toBe('unknown (job 12)');
    expect(phaseLine(makeTask({ uncertain: true }))).toBe('running (uncertain) (job 12)');
  });

  it('tell the time that a task took, or has taken so far', () => {
    expect(elapsed(null, 5)).toBe('');
    expect(elapsed(1000, 3_661_999)).toBe('1:01:00');
    const text = taskList([makeTask({ startedAt: 0, endedAt: null })], 61_000);
    expect(text).toContain('0:01:01');
  });

  it('pass on what a job printed as it is', () => {
    const show = (event: Partial<TaskEvent>): unknown =>
      eventPieces({ ...makeEvent(1), ...event } as TaskEvent);
    expect(show({})).toEqual([{ to: 'out', text: 'line 1\n' }]);
    expect(show({ type: 'stream', data: { name: 'stderr', text: '\r50%' } })).toEqual([
      { to: 'err', text: '\r50%' }
    ]);
    const data = { data: { 'text/plain': ['[1,\n', ' 2]'], 'text/html': '<b>' }, metadata: {} };
    expect(show({ type: 'execute_result', data })).toEqual([{ to: 'out', text: '[1,\n 2]\n' }]);
    const error = { ename: 'E', evalue: 'v', traceback: ['Traceback', 'E: v'] };
    expect(show({ type: 'error', data: error })).toEqual([
      { to: 'err', text: 'Traceback\nE: v\n' }
    ]);
    expect(show({ type: 'finished', data: { status: 'ok', at: 1 } })).toEqual([]);
  });
});

describe('the exit status', () => {
  const ended = (phase: Task['phase'], code?: string): number =>
    taskStatus(
      makeTask({ phase, reason: code ? { code, message: '', hint: null, token: null } : null })
    );

  it('tells how a task ended, and our own inability from its failure', () => {
    expect(
      ['completed', 'failed', 'canceled', 'timed-out', 'out-of-memory', 'node-failed'].map(phase =>
        ended(phase as Task['phase'])
      )
    ).toEqual([0, 1, 130, 124, 137, 1]);
    expect([
      ended('failed', 'exception'),
      ended('failed', 'target-unknown'),
      ended('failed', 'sbatch-refused')
    ]).toEqual([1, 3, 5]);
  });

  it('is the script’s own where it has one', () => {
    const script = { phase: 'failed' as const, exitCode: 3 };
    expect(taskStatus(makeTask(script))).toBe(3);
    expect(taskStatus(makeTask({ ...script, phase: 'timed-out' }))).toBe(124);
  });

  it('tells the family of an error', () => {
    expect(errorStatus(new SluiceError('host-unreachable'))).toBe(4);
    expect(errorStatus(new SluiceError('not-found'))).toBe(2);
    expect([errorStatus(new SluiceError('internal')), errorStatus(new TypeError())]).toEqual([
      70, 70
    ]);
  });
});
