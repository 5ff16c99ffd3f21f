import { makeEvent, makeTask } from '../../client/__tests__/make-task';
import type { TaskEvent } from '../../shared/wire/events';
import type { Usage } from '../../shared/wire/task';
import { eventPieces } from '../print/event-text';
import { decideWords, endLines, taskText } from '../print/task-text';
import { usageText } from '../print/usage-text';

const usage: Usage = {
  elapsedSeconds: 75.2,
  cpuSeconds: 60,
  peakBytes: 1_500_000,
  cpus: 2,
  memoryBytes: 4e9
};
const former = {
  attempt: 0,
  node: 'node2',
  startedAt: 1000,
  endedAt: 13_000,
  reason: { code: 'preempted', message: 'Another job came first.', hint: null, token: null },
  usage: null
};

describe('events that a terminal shows in words', () => {
  const said = (event: Partial<TaskEvent>): string =>
    eventPieces({ ...makeEvent(1), ...event } as TaskEvent)
      .map(({ to, text }) => `${to}: ${text}`)
      .join('');

  it('name the command that brings a large output', () => {
    const part = { mime: 'text/html', sha256: 'a'.repeat(64), bytes: 2e6, form: 'text' as const };
    const data = { data: { 'text/plain': 'short' }, metadata: {}, spilled: [part] };
    expect(said({ type: 'execute_result', data })).toBe(
      'out: short\nerr: sluice: too large to be shown here: text/html (2.0 MB); `sluice fetch sl-1` brings it\n'
    );
  });

  it('tell that text stays in the log, and that the end is near', () => {
    const overflow = (bytes: number | null) =>
      said({ type: 'overflow', data: { path: 'overflow.log', bytes } });
    expect(overflow(null)).toMatch(/^err: sluice: it prints more .*`sluice logs sl-1` shows all/);
    expect(overflow(3e6)).toMatch(/^err: sluice: not shown: 3\.0 MB; its last words follow/);
    expect(said({ type: 'notice', data: { cause: 'time-limit', secondsLeft: 20.4 } })).toBe(
      'err: sluice: the time limit is near: saving what is there (20 s left)\n'
    );
    expect(said({ type: 'notice', data: { cause: 'asked', secondsLeft: null } })).toBe(
      'err: sluice: the job was asked to leave: saving what is there\n'
    );
  });

  it('mark each line without a valid seal, and let none act', () => {
    const text = 'fake\u001b[2J\u0007\nmore\n';
    expect(said({ unverified: true, type: 'stream', data: { name: 'stdout', text } })).toBe(
      'err: [without a valid seal] fake\n[without a valid seal] more\n'
    );
    const clear = { type: 'clear_output', data: { wait: false } } as const;
    expect(said({ unverified: true, ...clear })).toBe('');
  });
});

describe('a task in words', () => {
  it('says what it took, as far as that is known', () => {
    expect(usageText(usage)).toBe('ran 0:01:15, 1.5 MB of 4.0 GB memory, 40 % CPU');
    expect(usageText({ ...usage, memoryBytes: null, cpus: null })).toBe(
      'ran 0:01:15, 1.5 MB memory'
    );
    expect(usageText({ ...usage, elapsedSeconds: 0, peakBytes: null })).toBe('ran 0:00:00');
    expect(usageText(null)).toBe('');
  });

  it('says at its end what is there and what came before', () => {
    const task = makeTask({
      isPartial: true,
      hasUnverified: true,
      usage,
      formerAttempts: [former]
    });
    expect(endLines(task)).toEqual([
      'attempt 1 on node2, 0:00:12: Another job came first.',
      'partial results are here: what the job had when its time was over',
      'some outputs bear no valid seal of the job and are not trusted',
      'ran 0:01:15, 1.5 MB of 4.0 GB memory, 40 % CPU'
    ]);
    expect(endLines(makeTask())).toEqual([]);
  });

  it('says in full what is not certain, and what may be decided', () => {
    const doubt = makeTask({
      phase: 'unknown',
      uncertain: true,
      nextCheckAt: 61_000,
      choices: ['look', 'give-up', 'run-again']
    });
    expect(decideWords(makeTask())).toBeNull();
    expect(taskText(doubt, 1000)).toContain(
      'looks again 0:01:00 from now\nyou may     wait, or decide: `sluice resolve sl-1 look|give-up|run-again`\n'
    );
    expect(taskText(doubt, 99_000)).toContain('looks again now\n');
  });

  it('says when it may start, and from where it was taken over', () => {
    const queued = makeTask({
      phase: 'queued',
      estimatedStart: '2026-11-22T14:10:00.000Z',
      adoptedFrom: 'laptop'
    });
    expect(taskText(queued, 0)).toContain(
      'starts      2026-11-22 14:10:00 UTC, as the scheduler expects\n'
    );
    expect(taskText(queued, 0)).toContain('taken over  from laptop\n');
    expect(taskText({ ...queued, phase: 'running' }, 0)).not.toContain('starts ');
  });

  it('keeps earlier starts and what was used', () => {
    const ended = makeTask({
      phase: 'timed-out',
      startedAt: 0,
      endedAt: 75_000,
      usage,
      isPartial: true,
      formerAttempts: [former]
    });
    const text = taskText(ended, 0);
    expect(text).not.toContain('ran for');
    expect(taskText({ ...ended, usage: null }, 0)).toContain('ran for     0:01:15\n');
    expect(text).toContain('used        ran 0:01:15, 1.5 MB of 4.0 GB memory, 40 % CPU\n');
    expect(text).toContain('earlier     attempt 1 on node2, 0:00:12: Another job came first.\n');
    expect(text).toContain('results     partial results are here');
  });
});
