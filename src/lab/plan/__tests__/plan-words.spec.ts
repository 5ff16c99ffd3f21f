import { nullTranslator } from '@jupyterlab/translation';
import { makePlan } from '../../__tests__/make-plan';
import { attentionItems } from '../attention-items';
import { readPlan } from '../read-plan';
import { rehearsalWords } from '../rehearsal-words';
import { differenceWords, timeWords } from '../shape-words';
import { startWords } from '../start-words';
import { briefWords, summaryWords } from '../summary-words';

const trans = nullTranslator.load('x');

test('the summary counts what travels and says that nothing was sent', () => {
  const plan = makePlan({ files: [], variables: [] });
  expect(summaryWords(plan, trans)).toBe(
    '1 module: 12.0 MB would travel to testbed. Nothing was sent.'
  );
  expect(summaryWords(makePlan(), trans)).toContain('1 module, 1 file, 1 variable: 12.0 MB');
  expect(summaryWords(makePlan({ target: 'here' }), trans)).toContain('on this machine');
  expect(summaryWords(makePlan({ modules: [], files: [], variables: [] }), trans)).toBe(
    'Only the cell itself would travel to testbed. Nothing was sent.'
  );
});

test('the brief words name what is left out', () => {
  const left = { kind: 'variable', name: 'lock', reason: 'a lock' } as const;
  expect(briefWords(makePlan({ files: [], leftOut: [left] }), trans)).toBe(
    'Would send 1 module, 1 variable, 12.0 MB to testbed; 1 left out'
  );
  expect(briefWords(makePlan(), trans)).not.toContain('left out');
});

test.each([
  ['2026-11-22T14:10:00', '14:10'],
  ['2026-11-22T09:00:00', 'now'],
  ['2026-11-23T09:00:00', 'tomorrow 09:00'],
  ['2026-11-25T09:00:00', 'Wed, Nov 25, 09:00'],
  ['soon', 'soon']
])('a start at %s is told as %s', (iso, words) => {
  const now = new Date('2026-11-22T10:00:00').getTime();
  expect(startWords(iso, now, trans, 'en-US')).toBe(words);
});

test.each([
  ['90', '1 h 30 min'],
  ['1:00:00', '1 h'],
  ['30:00', '30 min'],
  ['2-12', '2 d 12 h'],
  ['1-00:30:00', '1 d 30 min'],
  ['UNLIMITED', 'UNLIMITED']
])('Slurm’s time %s is %s', (time, words) => {
  expect(timeWords(time, trans)).toBe(words);
});

test('of a smaller shape only the difference is told', () => {
  const asked = { time: '1-0', cpus: 8, partition: 'long' };
  const smaller = { time: '1:00:00', cpus: 8, partition: 'long' };
  expect(differenceWords(smaller, asked, trans)).toBe('1 h');
  expect(differenceWords({ ...smaller, cpus: 1 }, asked, trans)).toBe('1 CPU, 1 h');
  expect(differenceWords(asked, asked, trans)).toBe('');
});

test('what is left out comes before notes, each thing once', () => {
  const leftOut = { kind: 'file', name: '.env', reason: 'a secret' } as const;
  const note = { kind: 'module', name: 'rain', text: 'edited since' } as const;
  const plan = makePlan({ notes: [note], leftOut: [leftOut, leftOut] });
  expect(attentionItems(plan)).toEqual([
    { level: 'left-out', kind: 'file', name: '.env', text: 'a secret' },
    { level: 'note', kind: 'module', name: 'rain', text: 'edited since' }
  ]);
});

test.each([
  [true, null, 'to its end'],
  [false, null, 'used 2 things that would not travel'],
  [false, 'missing', 'something that it needs'],
  [false, 'cluster-path', 'only on the cluster'],
  [false, 'gpu', 'GPU'],
  [false, 'time', 'its time was up'],
  [false, 'exception', 'error of its own'],
  [false, 'canceled', 'canceled']
] as const)('a rehearsal that is %s and %s says “%s”', (ok, stopped, words) => {
  const one = { kind: 'file', name: 'a', line: 1, text: '' } as const;
  const finding = { ok, seconds: 3.21, uncaptured: [one, one], stopped, message: null };
  expect(rehearsalWords(finding, trans)).toContain(words);
  expect(rehearsalWords(finding, trans)).toContain('3.2 s');
});

describe('a plan out of a notebook file', () => {
  test('is read as it was written', () => {
    const plan = makePlan({
      submit: {
        accepted: true,
        estimatedStart: '2026-11-22T14:10:00',
        message: null,
        smaller: { resources: { time: '60' }, estimatedStart: null }
      }
    });
    expect(readPlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  });

  test.each([null, 'text', [], {}, { version: 2, target: 'x' }, { version: 1 }])(
    '%j is none',
    value => {
      expect(readPlan(value)).toBeNull();
    }
  );

  test('what is not as it should be is left out', () => {
    const plan = readPlan({
      version: 1,
      target: 'x',
      modules: [{ module: 5 }, makePlan().modules[0]],
      files: 'many',
      resources: { cpus: 2, time: { a: 1 } },
      submit: 'yes',
      rehearsal: { uncaptured: [{ kind: 'file', name: 'a' }], outputs: [1] }
    });
    expect(plan).toMatchObject({
      modules: [{ module: 'rain' }],
      files: [],
      resources: { cpus: 2 },
      submit: null,
      script: '',
      transfer: { files: 0, bytes: 0 },
      rehearsal: { ok: false, uncaptured: [{ name: 'a', line: null }], outputs: [] }
    });
  });
});

test('what forbids the run is said in the sum, and first of all', () => {
  const leftOut = [
    { kind: 'variable', name: 'lock', reason: '`lock` is a lock', forbids: true },
    { kind: 'file', name: 'big.csv', reason: 'large' },
    { kind: 'file', name: '.env', reason: 'a secret' }
  ] as const;
  const undecided = [{ path: 'big.csv', bytes: 3e9, why: 'read in line 1' }];
  const plan = makePlan({ leftOut: [...leftOut], undecided });
  expect(summaryWords(plan, trans)).toContain('Nothing was sent. It would not run as it is.');
  expect(briefWords(plan, trans)).toContain('would not run as it is');
  const submit = { accepted: false, estimatedStart: null, message: 'no', smaller: null };
  expect(summaryWords(makePlan({ submit }), trans)).toContain('It would not run as it is.');
  expect(attentionItems(plan).map(({ level }) => level)).toEqual([
    'forbids',
    'undecided',
    'left-out'
  ]);
});
