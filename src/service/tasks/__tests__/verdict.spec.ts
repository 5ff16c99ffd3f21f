import type { JobReport, JobState } from '../../schedulers/scheduler';
import type { EndRecord, ExitRecord } from '../../store/task-record';
import type { Evidence } from '../evidence';
import { reasonOf } from '../reason';
import { judge } from '../verdict';
import { Watch } from '../watch';

const nothing: Evidence = {
  phase: 'queued',
  attempt: 0,
  cancelRequested: false,
  cancelTold: false,
  started: false,
  speaks: false,
  end: null,
  hasAllEvents: false,
  endForMs: 0,
  exit: null,
  exitForMs: 0,
  report: null,
  drained: false,
  beats: 'no',
  absentForMs: 0,
  overForMs: 0,
  lagMs: 30_000,
  python: '/opt/py/bin/python',
  books: null
};

const ended = (
  status: EndRecord['status'],
  change: Partial<EndRecord> = {}
): Partial<Evidence> => ({
  phase: 'running',
  started: true,
  hasAllEvents: true,
  end: {
    status,
    exitCode: status === 'ok' ? 0 : 1,
    signal: null,
    ename: 'ValueError',
    evalue: 'no',
    lastSeq: 3,
    ...change
  }
});

const exited = (status: number, change: Partial<ExitRecord> = {}): Partial<Evidence> => ({
  phase: 'running',
  started: true,
  drained: true,
  exit: { status, oomKills: 0, at: 1, ...change }
});

const report = (state: JobState, change: Partial<JobReport> = {}): JobReport => ({
  jobId: '7',
  key: 'sl-x',
  state,
  token: state.toUpperCase(),
  reasonToken: null,
  node: 'node1',
  restarts: 0,
  exitCode: null,
  signal: null,
  estimatedStart: null,
  startedAt: 1,
  ...change
});

/** The scheduler said so a while ago, and nothing came since. */
const over = (state: JobState, change: Partial<JobReport> = {}): Partial<Evidence> => ({
  phase: 'running',
  started: true,
  drained: true,
  overForMs: 31_000,
  report: report(state, change)
});

const gone = (forMs: number): Partial<Evidence> => ({ report: 'absent', absentForMs: forMs });

type Row = [name: string, evidence: Partial<Evidence>, phase: string | null, code?: string];

const WORKER: Row[] = [
  ['says nothing without evidence', {}, null],
  ['believes a worker that began', { started: true }, 'running'],
  ['completes on the end record', ended('ok'), 'completed'],
  ['fails on an exception', ended('error'), 'failed', 'exception'],
  ['waits until all events are here', { ...ended('ok'), hasAllEvents: false }, null],
  [
    'is in doubt where events never come',
    { ...ended('ok'), hasAllEvents: false, endForMs: 301_000 },
    'unknown',
    'output-missing'
  ],
  [
    'tells memory of Python',
    ended('error', { ename: 'MemoryError' }),
    'out-of-memory',
    'memory-python'
  ],
  [
    'tells memory of NumPy',
    ended('error', { ename: '_ArrayMemoryError' }),
    'out-of-memory',
    'memory-python'
  ],
  [
    'tells memory by its cause',
    ended('error', { cause: 'memory' }),
    'out-of-memory',
    'memory-python'
  ],
  [
    'leaves a GPU’s memory an exception',
    ended('error', { ename: 'OutOfMemoryError' }),
    'failed',
    'exception'
  ],
  ['tells a signal', ended('error', { ename: null, signal: 11 }), 'failed', 'signal'],
  [
    'tells the status of a script',
    ended('error', { ename: null, exitCode: 3 }),
    'failed',
    'exit-code'
  ],
  ['tells a time limit', ended('time-up', { cause: 'time-limit' }), 'timed-out', 'time-limit'],
  [
    'tells a time limit of a worker that had no time',
    ended('terminated', { cause: 'time-limit' }),
    'timed-out',
    'time-limit'
  ],
  [
    'lets an end record stand although the scheduler says canceled later',
    { ...ended('ok'), cancelRequested: true, report: report('canceled') },
    'completed',
    'left-badly'
  ],
  [
    'lets it stand although the script left with a status',
    { ...ended('ok'), exit: { status: 139, oomKills: 0, at: 1 } },
    'completed',
    'left-badly'
  ]
];

const STOPPED: Row[] = [
  ['waits for a word on a termination', ended('terminated'), null],
  ['does not take a wish for its cause', { ...ended('terminated'), cancelRequested: true }, null],
  [
    'takes the cancel from the scheduler',
    { ...ended('terminated'), ...over('canceled'), cancelRequested: true },
    'canceled',
    'canceled'
  ],
  [
    'takes the time limit from the scheduler',
    { ...ended('terminated'), ...over('timed-out') },
    'timed-out',
    'time-limit'
  ],
  [
    'does not wait for what is here',
    { ...ended('terminated'), ...over('node-failed'), overForMs: 1 },
    'node-failed',
    'node'
  ],
  [
    'takes a cancel that was taken for the cause where the job is gone',
    { ...ended('terminated'), ...gone(31_000), cancelTold: true, drained: true },
    'canceled',
    'canceled'
  ],
  [
    'fails what was ended by hand',
    { ...ended('terminated'), ...over('failed', { exitCode: 143 }) },
    'failed',
    'terminated'
  ],
  [
    'is in doubt where nobody explains it',
    { ...ended('terminated'), ...gone(301_000) },
    'unknown',
    'terminated'
  ],
  [
    'goes back to the queue with the scheduler',
    {
      ...ended('terminated'),
      report: report('pending', { restarts: 1, reasonToken: 'BeginTime' })
    },
    'queued',
    'requeued'
  ]
];

const EXITED: Row[] = [
  ['reads all once more after an exit', { ...exited(137), drained: false }, null],
  ['knows a kill at once', exited(137), 'failed', 'signal'],
  ['knows a crash at once', exited(139, { oomKills: null }), 'failed', 'signal'],
  [
    'knows the kernel’s kill for memory',
    exited(137, { oomKills: 1 }),
    'out-of-memory',
    'memory-kernel'
  ],
  ['asks where it cannot be told', exited(137, { oomKills: null }), null],
  ['asks where a cancel was asked for', { ...exited(137), cancelRequested: true }, null],
  [
    'takes the answer',
    { ...over('out-of-memory'), ...exited(137, { oomKills: null }), overForMs: 1 },
    'out-of-memory',
    'memory'
  ],
  [
    'is no failure of its own for a failed job',
    { ...over('failed'), ...exited(137, { oomKills: null }) },
    'failed',
    'signal'
  ],
  [
    'is in doubt where nobody explains a kill',
    { ...exited(137, { oomKills: null }), ...gone(301_000) },
    'unknown',
    'signal'
  ],
  ['knows a missing python at once', { ...exited(127), started: false }, 'failed', 'launch-failed'],
  ['knows what is no program', { ...exited(126), started: false }, 'failed', 'launch-failed'],
  ['waits for a record behind success', exited(0), null],
  [
    'is in doubt about success without it',
    { ...exited(0), exitForMs: 31_000 },
    'unknown',
    'no-end-record'
  ],
  ['waits for a record behind an orderly status', exited(1), null],
  ['fails without it', { ...exited(1), exitForMs: 31_000 }, 'failed', 'exit-code'],
  ['knows that the cell left by itself', exited(7), 'failed', 'exit-code'],
  ['waits for the first word', { ...exited(7), started: false }, null],
  [
    'knows a Python that never began',
    { ...exited(7), started: false, exitForMs: 31_000 },
    'failed',
    'launch-failed'
  ],
  [
    'waits with the scheduler’s word, too, where a record is due',
    { ...over('canceled'), ...exited(143), overForMs: 5000 },
    null
  ]
];

const SCHEDULER: Row[] = [
  ['queues', { report: report('pending', { reasonToken: 'Priority' }) }, 'queued', 'priority'],
  [
    'does not go back to the queue on a stale word',
    { phase: 'running', started: true, report: report('pending') },
    'running'
  ],
  [
    'does not hear a report on an earlier start',
    { ...over('node-failed'), attempt: 1, started: false, phase: 'queued' },
    null
  ],
  ['is preempted', { ...over('preempted') }, 'preempted', 'preempted'],
  ['is queued from a doubt', { ...over('preempted'), phase: 'unknown' }, 'queued', 'preempted'],
  ['fails where it stays so', { ...over('preempted'), overForMs: 121_000 }, 'failed', 'preempted'],
  ['does not end on an unknown word', { report: report('other') }, 'queued', 'unknown-word'],
  [
    'is in doubt about a federation',
    { report: report('other', { token: 'REVOKED' }) },
    'unknown',
    'revoked'
  ],
  ['does not end before the file is drained', { ...over('canceled'), drained: false }, null],
  ['cancels once drained', over('canceled'), 'canceled', 'canceled-outside'],
  [
    'cancels at once what never began',
    { report: report('canceled', { node: null }), drained: true, overForMs: 1 },
    'canceled',
    'canceled-outside'
  ],
  ['gives a worker time to leave its record', { ...over('completed'), overForMs: 5000 }, null],
  [
    'does not wait for what cannot lag',
    { ...over('failed', { signal: 11 }), overForMs: 1500, lagMs: 1000 },
    'failed',
    'signal'
  ],
  [
    'does not call a job without end record completed',
    over('completed'),
    'unknown',
    'no-end-record'
  ],
  ['fails by exit status', over('failed', { exitCode: 3 }), 'failed', 'exit-code'],
  [
    'fails a job that never began its worker',
    { ...over('failed', { exitCode: 127 }), started: false },
    'failed',
    'launch-failed'
  ],
  ['tells a time limit', over('timed-out'), 'timed-out', 'time-limit'],
  ['tells a deadline', over('timed-out', { token: 'DEADLINE' }), 'timed-out', 'deadline'],
  ['tells memory', over('out-of-memory'), 'out-of-memory', 'memory'],
  [
    'tells memory in the words of a failure',
    over('failed', { signal: 9, reasonToken: 'OutOfMemory' }),
    'out-of-memory',
    'memory'
  ],
  ['tells a node', over('node-failed'), 'node-failed', 'node'],
  ['tells a boot', over('node-failed', { token: 'BOOT_FAIL' }), 'node-failed', 'boot-failed'],
  ['believes a heartbeat more', { ...over('node-failed'), beats: 'yes' }, 'running', 'outlives'],
  ['waits where it may beat', { ...over('node-failed'), beats: 'maybe' }, null],
  ['runs', { report: report('running') }, 'running']
];

const ABSENT: Row[] = [
  ['takes absence for nothing at first', gone(60_000), null],
  ['says unknown, not failed, after a long absence', gone(301_000), 'unknown', 'absent'],
  ['believes a heartbeat more', { ...gone(301_000), beats: 'yes' }, 'running', 'outlives'],
  ['stays in doubt after a restart', { started: true, phase: 'unknown' }, null],
  ['believes a worker that speaks', { started: true, phase: 'unknown', speaks: true }, 'running'],
  [
    'does not take a cancel for the cause while there may be news',
    { ...gone(31_000), cancelTold: true, drained: false },
    null
  ]
];

describe.each<[string, Row[]]>([
  ['the worker’s word', WORKER],
  ['a worker that was stopped', STOPPED],
  ['the exit record', EXITED],
  ['the scheduler’s word', SCHEDULER],
  ['absence', ABSENT]
])('judge: %s', (_, rows) => {
  it.each(rows.map(([name, ...row]) => ({ name, row })))('$name', ({ row }) => {
    const [evidence, phase, code] = row;
    const verdict = judge({ ...nothing, ...evidence });
    expect([verdict.phase, verdict.reason?.code]).toEqual([phase, code]);
  });
});

describe('judge', () => {
  it('gives the reason in words with the token of the scheduler beside it', () => {
    const pending = report('pending', { reasonToken: 'Resources' });
    expect(judge({ ...nothing, report: pending }).reason).toEqual({
      code: 'resources',
      message: 'Waiting for free nodes.',
      hint: 'A smaller or shorter job may start sooner.',
      token: 'Resources'
    });
  });

  it('names the exception', () => {
    const { reason } = judge({ ...nothing, ...ended('error') });
    expect(reason).toMatchObject({ message: 'ValueError: no', hint: null });
  });

  it('asks for the scheduler’s word where only that can tell', () => {
    expect(judge({ ...nothing, ...ended('terminated') }).needsWord).toBe(true);
    expect(judge({ ...nothing, ...exited(137, { oomKills: null }) }).needsWord).toBe(true);
    expect(judge({ ...nothing, ...over('canceled'), overForMs: 1 })).toMatchObject({
      nextCheckMs: 29_999,
      needsWord: false
    });
  });

  it('goes on to the next start only when the former one is read', () => {
    const pending = report('pending', { restarts: 2 });
    expect(judge({ ...nothing, report: pending }).nextAttempt).toBeNull();
    expect(judge({ ...nothing, report: pending, drained: true }).nextAttempt).toBe(2);
  });

  it.each<[string, JobReport['canceledBy'], boolean, string, string]>([
    ['you here', { kind: 'you', name: 'ada' }, true, 'canceled', 'Canceled by you while it ran.'],
    [
      'you elsewhere',
      { kind: 'you', name: 'ada' },
      false,
      'canceled-outside',
      'You canceled it while it ran, not through Sluice.'
    ],
    [
      'another',
      { kind: 'other', name: 'grace' },
      true,
      'canceled-by-other',
      'grace canceled it while it ran.'
    ],
    [
      'an administrator',
      { kind: 'admin', name: 'root' },
      false,
      'canceled-by-admin',
      'An administrator canceled it while it ran.'
    ],
    [
      'nobody known',
      undefined,
      false,
      'canceled-outside',
      'Canceled on the cluster while it ran, not from here.'
    ]
  ])('tells who canceled: %s', (_, canceledBy, cancelRequested, code, message) => {
    const evidence = over('canceled', canceledBy === undefined ? {} : { canceledBy });
    expect(judge({ ...nothing, ...evidence, cancelRequested }).reason).toMatchObject({
      code,
      message
    });
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

describe('a scheduler that forgets a job within seconds', () => {
  const known = {
    phase: 'queued',
    attempt: 0,
    cancelRequested: false,
    lagMs: 30_000,
    python: null,
    lastSeq: 0
  } as const;
  const canceled = report('canceled', { node: null });

  function forgotten(): Watch {
    const watch = new Watch(0);
    for (const [word, nowMs] of [[canceled, 4000] as const, ['absent', 10_000] as const]) {
      watch.hear(word, { nowMs, at: null, heartbeats: [], books: null });
    }
    return watch;
  }

  it('takes back no end that it told', () => {
    const watch = forgotten();
    watch.pass(false);
    watch.pass(false);
    expect(judge(watch.evidence(known, 11_000))).toMatchObject({ phase: 'canceled' });
  });

  it('tells nothing of a later start, nor of one whose worker speaks again', () => {
    expect(forgotten().evidence({ ...known, attempt: 1 }, 11_000).report).toBe('absent');
    const watch = forgotten();
    watch.speak(11_000);
    expect(watch.evidence(known, 11_000)).toMatchObject({ report: null, overForMs: 0 });
  });

  it('counts no end any more of a job that it then calls queued', () => {
    const watch = forgotten();
    for (const word of [report('pending'), 'absent' as const]) {
      watch.hear(word, { nowMs: 12_000, at: null, heartbeats: [], books: null });
    }
    expect(watch.evidence(known, 13_000)).toMatchObject({ report: 'absent', overForMs: 0 });
  });
});
