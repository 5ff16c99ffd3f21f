import { nullTranslator } from '@jupyterlab/translation';
import { SluiceError } from '../../../shared/errors';
import type { Task } from '../../../shared/wire/task';
import { makeTask } from '../../__tests__/make-task';
import { type LineContent, lineContent } from '../line-content';
import type { LineState } from '../line-state';

const trans = nullTranslator.load('x');

function content(task: Partial<Task>, state: Partial<LineState> = {}): LineContent | null {
  const base: LineState = {
    kind: 'task',
    task: makeTask(task),
    isWriter: true,
    isEdited: false,
    isShortened: false,
    notes: [],
    isDismissed: false,
    notice: null,
    login: null
  };
  return lineContent({ ...base, ...state } as LineState, trans);
}

test('queued says why, in words with Slurm’s own word behind', () => {
  const reason = {
    code: 'resources',
    message: 'waits for free nodes',
    hint: null,
    token: 'Resources'
  };
  expect(content({ phase: 'queued', reason })).toMatchObject({
    icon: 'waiting',
    words: 'testbed · queued: waits for free nodes',
    token: 'Resources',
    canCancel: true,
    canDismiss: false
  });
});

test('each live phase has words and a clock', () => {
  expect(content({ phase: 'preparing', progress: 'sending 3 files' })?.words).toBe(
    'testbed · preparing: sending 3 files'
  );
  expect(content({ phase: 'running', node: 'n1', startedAt: 5 })).toMatchObject({
    icon: 'running',
    words: 'testbed · running on n1',
    since: 5
  });
  expect(content({ phase: 'fetching' })?.words).toBe('testbed · fetching');
  expect(content({ phase: 'running', cancelRequested: true })).toMatchObject({
    words: 'testbed · running, canceling',
    canCancel: false
  });
});

test('nothing is left of a completed cell, unless there is something to know', () => {
  expect(content({ phase: 'completed' })).toBeNull();
  expect(content({ phase: 'completed' }, { isShortened: true })).toMatchObject({
    icon: 'done',
    notes: ['The whole text is in the log.'],
    canDismiss: true
  });
  expect(
    content({ phase: 'completed' }, { notes: ['x is x_slurm'], isDismissed: true })
  ).toBeNull();
});

test.each(['failed', 'canceled', 'timed-out', 'out-of-memory', 'node-failed'] as const)(
  '%s stays with message and hint until it is dismissed',
  phase => {
    const reason = { code: 'x', message: 'because', hint: 'Do this.', token: null };
    expect(content({ phase, reason })).toMatchObject({
      words: `testbed · ${phase.replaceAll('-', ' ')}: because`,
      notes: ['Do this.'],
      since: null,
      canCancel: false,
      canDismiss: true
    });
    expect(content({ phase, reason }, { isDismissed: true })).toBeNull();
  }
);

test('unknown is told as such and keeps its cancel', () => {
  expect(content({ phase: 'unknown' })).toMatchObject({ icon: 'unknown', canCancel: true });
});

test('a problem of Sluice itself has its hint', () => {
  const problem = new SluiceError('server-missing').toProblem();
  const line = lineContent({ kind: 'problem', problem }, trans);
  expect(line).toMatchObject({ icon: 'failed', words: problem.message, canDismiss: true });
  expect(line?.notes[0]).toContain('pip install jupyterlab-sluice');
});

const needsLogin = {
  code: 'needs-login',
  message: 'The host curnagl asks for a login: nobody is there to answer.',
  hint: 'Press “Log in”.',
  token: null
};

test('what waits for a login says so and offers one', () => {
  expect(content({ phase: 'preparing', progress: 'sending 3 files', reason: needsLogin })).toEqual(
    expect.objectContaining({
      icon: 'login',
      words: `testbed · preparing, needs login: ${needsLogin.message}`,
      notes: ['Press “Log in”.'],
      canLogIn: true,
      canCancel: true
    })
  );
  const paused = { ...needsLogin, code: 'login-paused', message: 'Waits until 10:15.' };
  expect(content({ phase: 'running', reason: paused })).toMatchObject({
    words: 'testbed · running, logins are paused: Waits until 10:15.',
    canLogIn: true
  });
  expect(content({ phase: 'canceled', reason: needsLogin })?.canLogIn).toBe(false);
});

test('a host that asks is told instead of what it keeps waiting', () => {
  const asking = { kind: 'asking' } as const;
  const waiting = content({ phase: 'preparing', progress: 'reaching curnagl' }, { login: asking });
  expect(waiting?.words).toBe('testbed · preparing: waiting for your answer to testbed');
  const running = content({ phase: 'running', node: 'n1' }, { login: asking });
  expect(running?.words).toBe('testbed · running on n1');
  const held = content({ phase: 'running', reason: needsLogin }, { login: asking });
  expect(held).toMatchObject({
    words: 'testbed · running: waiting for your answer to testbed',
    notes: [],
    canLogIn: false
  });
});

test('a login under way is told, one that failed says why', () => {
  expect(
    content({ phase: 'running', reason: needsLogin }, { login: { kind: 'connecting' } })
  ).toMatchObject({
    words: 'testbed · running: connecting to testbed…',
    notes: [],
    canLogIn: false
  });
  const problem = new SluiceError('login-canceled', { host: 'curnagl' }).toProblem();
  const failed = content(
    { phase: 'running', reason: needsLogin },
    { login: { kind: 'failed', problem } }
  );
  expect(failed?.notes.at(-1)).toContain(problem.message);
  expect(failed?.canLogIn).toBe(true);
});

test('files that stayed there are told when all else is over', () => {
  const files = { count: 14, bytes: 2_100_000_000, home: 3, there: 11, pinned: true };
  expect(content({ phase: 'completed', files })).toMatchObject({
    icon: 'done',
    notes: ['14 files, 2.1 GB: 3 came home, 11 on testbed'],
    hasFiles: true,
    canDismiss: true
  });
  expect(content({ phase: 'completed', files: { ...files, pinned: false } })).toBeNull();
});

test('an unknown task says what is known, when it is looked after and what may be decided', () => {
  const reason = { code: 'x', message: 'The submit was cut.', hint: 'Wait.', token: null };
  const choices = ['look', 'give-up', 'run-again'] as const;
  const task = { phase: 'unknown', uncertain: true, nextCheckAt: 5, reason } as const;
  expect(content({ ...task, choices: [...choices] })).toMatchObject({
    icon: 'unknown',
    words: 'testbed · unknown: The submit was cut.',
    notes: ['Wait.'],
    nextCheckAt: 5,
    choices,
    canCancel: false
  });
});

test('what is only uncertain says that it is what was last known', () => {
  const shown = content({ phase: 'running', node: 'n1', uncertain: true, nextCheckAt: 5 });
  expect(shown).toMatchObject({ icon: 'running', nextCheckAt: 5, canCancel: true });
  expect(shown?.notes[0]).toContain('what was last known');
});

test('a held and a preempted job have icons and words of their own', () => {
  const held = { code: 'held', message: 'You hold this job.', hint: null, token: 'JobHeldUser' };
  expect(content({ phase: 'queued', reason: held })).toMatchObject({
    icon: 'held',
    words: 'testbed · held: You hold this job.',
    token: 'JobHeldUser'
  });
  expect(content({ phase: 'preempted' })).toMatchObject({
    icon: 'again',
    words: 'testbed · preempted, queued again'
  });
  const former = {
    attempt: 0,
    node: 'n2',
    startedAt: 0,
    endedAt: 5,
    reason: null,
    usage: null
  };
  expect(content({ phase: 'queued', formerAttempts: [former] })).toMatchObject({
    icon: 'again',
    words: 'testbed · queued again'
  });
});

test('a job out of time tells that partial results are here, and what it took', () => {
  const reason = { code: 'time-limit', message: 'It reached its limit.', hint: null, token: 'T' };
  const usage = {
    elapsedSeconds: 3600,
    cpuSeconds: 1800,
    peakBytes: 900_000_000,
    cpus: 1,
    memoryBytes: 8_000_000_000
  };
  expect(content({ phase: 'timed-out', isPartial: true, reason, usage })).toMatchObject({
    icon: 'timed-out',
    words: 'testbed · timed out: It reached its limit.',
    notes: [
      'Partial results are here.',
      'Used: ran 1:00:00 · 900 MB of 8.0 GB memory · 50\u00a0%\u00a0CPU.'
    ]
  });
});

test('a job that could not be started says so', () => {
  const reason = { code: 'launch-failed', message: 'No prolog.', hint: null, token: null };
  expect(content({ phase: 'failed', reason })?.words).toBe('testbed · not started: No prolog.');
});

test('a notice of the end stands beside where it runs', () => {
  const notice = { cause: 'time-limit', secondsLeft: 30 } as const;
  expect(content({ phase: 'running', node: 'n1' }, { notice })?.words).toBe(
    'testbed · running on n1: the time limit is near, saving what is there'
  );
});

test('a completed cell keeps its line while a value waits for a word, or outputs bear no seal', () => {
  const kept = {
    name: 'model',
    type: 'Net',
    bytes: 5,
    format: 'pickle',
    files: [],
    reason: 'withheld',
    kept: 'withheld'
  } as const;
  expect(content({ phase: 'completed', variables: [{ ...kept, files: [] }] })).toMatchObject({
    icon: 'done',
    target: 'testbed',
    kept: [{ name: 'model' }]
  });
  expect(content({ phase: 'completed', hasUnverified: true })?.notes[0]).toContain('no valid seal');
});

test('an unknown task that was given up says why that takes its time', () => {
  const reason = { code: 'x', message: 'It may still turn up.', hint: null, token: null };
  expect(content({ phase: 'unknown', cancelRequested: true, reason })?.words).toBe(
    'testbed · unknown, being given up: It may still turn up.'
  );
});
