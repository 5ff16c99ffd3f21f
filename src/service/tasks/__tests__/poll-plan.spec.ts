import { afterQuestion, deadlineMs, noHistory, type PollHistory } from '../poll-history';
import { planPoll, type PolledTask, type PollQuestions } from '../poll-plan';

const job = { key: 'sl-a', jobId: '7', directory: '/r/runs/sl-a' };
const task: PolledTask = {
  job,
  phase: 'queued',
  stirredAtMs: 0,
  polledAtMs: 0,
  isHeard: false,
  needsWord: false,
  isCanceling: false
};

function asked(...atMs: number[]): PollHistory {
  const answer = { isAnswered: true, isNews: false };
  return atMs.reduce(
    (history, beganAtMs) => afterQuestion(history, { beganAtMs, overAtMs: beganAtMs, ...answer }),
    noHistory
  );
}

function whenMs(change: Partial<PollQuestions>, own: Partial<PolledTask> = {}): number {
  const questions: PollQuestions = {
    scheduler: 'slurm',
    nowMs: 0,
    tasks: [{ ...task, ...own }],
    history: noHistory,
    floorMs: 0,
    ...change
  };
  return questions.nowMs + planPoll(questions).inMs;
}

describe('planPoll', () => {
  it.each<[string, Partial<PollQuestions>, Partial<PolledTask>, number]>([
    ['two seconds after a submit', {}, {}, 2000],
    ['ten seconds after it', { nowMs: 3000, history: asked(2000) }, {}, 10_000],
    ['half a minute after it', { nowMs: 11_000, history: asked(2000, 10_000) }, {}, 30_000],
    ['then after a minute', { nowMs: 31_000, history: asked(2000, 10_000, 30_000) }, {}, 90_000],
    [
      'after a minute only, where the worker reports by itself',
      { nowMs: 3000, history: asked(2000) },
      { isHeard: true },
      62_000
    ],
    [
      'after three minutes where nothing has changed for long',
      { nowMs: 3_600_000, history: { ...asked(3_600_000), quietSinceMs: 0 } },
      { isHeard: true },
      3_780_000
    ],
    [
      'after a minute all the same, where a task is in doubt',
      { nowMs: 3_600_000, history: { ...asked(3_600_000), quietSinceMs: 0 } },
      { isHeard: true, phase: 'unknown' },
      3_660_000
    ],
    [
      'at once for an end that waits for the word of Slurm',
      { nowMs: 20_000, history: asked(2000) },
      { isHeard: true, needsWord: true, stirredAtMs: 20_000 },
      20_500
    ],
    [
      'at once after a cancel',
      { nowMs: 20_000, history: asked(2000, 10_000) },
      { isCanceling: true, stirredAtMs: 20_000 },
      20_500
    ],
    [
      'again after what the last one took',
      {
        nowMs: 95_000,
        history: afterQuestion(noHistory, {
          beganAtMs: 5000,
          overAtMs: 95_000,
          isAnswered: true,
          isNews: true
        })
      },
      { needsWord: true, stirredAtMs: 90_000 },
      185_000
    ],
    [
      'no sooner than the site wants',
      { nowMs: 20_000, history: asked(2000), floorMs: 300_000 },
      { needsWord: true, stirredAtMs: 20_000 },
      302_000
    ],
    [
      'soon where the clock was set back',
      { nowMs: 1000, history: asked(9_000_000) },
      { stirredAtMs: 0 },
      2000
    ]
  ])('asks %s', (_, change, own, expected) => {
    expect(whenMs(change, own)).toBe(expected);
  });

  it('asks four times in a minute at the most, however many tasks are handed over', () => {
    const history = asked(0, 10_000, 20_000, 30_000);
    expect(whenMs({ nowMs: 31_000, history }, { stirredAtMs: 31_000 })).toBe(60_000);
  });

  it('counts from the newest submit', () => {
    const tasks = [task, { ...task, stirredAtMs: 9000 }];
    expect(whenMs({ nowMs: 9500, history: asked(2000), tasks })).toBe(11_000);
  });

  it('asks about all jobs at once, and not about those that were not accepted', () => {
    const other = { ...job, jobId: '8' };
    const tasks = [task, { ...task, job: other }, { ...task, job: null }];
    const questions = { scheduler: 'slurm', nowMs: 0, history: noHistory, floorMs: 0 } as const;
    expect(planPoll({ ...questions, tasks }).jobs).toEqual([job, other]);
    expect(planPoll({ ...questions, tasks: [] }).jobs).toEqual([]);
  });

  it('waits longer after each refusal, up to three minutes', () => {
    let history = noHistory;
    const gaps: number[] = [];
    for (let atMs = 0; gaps.length < 6; atMs += 1_000_000) {
      const trial = { beganAtMs: atMs, overAtMs: atMs, isAnswered: false, isNews: false };
      history = afterQuestion(history, trial);
      const stirred = { needsWord: true, stirredAtMs: atMs };
      gaps.push(whenMs({ nowMs: atMs, history }, stirred) - atMs);
    }
    expect(gaps).toEqual([15_000, 30_000, 60_000, 120_000, 180_000, 180_000]);
  });

  it('looks at a machine’s own processes every 2 s at the most', () => {
    const local = { scheduler: 'process', nowMs: 100_000 } as const;
    expect(whenMs(local, { polledAtMs: 99_000 })).toBe(101_000);
  });
});

describe('deadlineMs', () => {
  const slow = (tookMs: number, isAnswered: boolean, before = noHistory): PollHistory =>
    afterQuestion(before, { beganAtMs: 0, overAtMs: tookMs, isAnswered, isNews: false });

  it.each<[string, PollHistory, number]>([
    ['two minutes where nothing is known', noHistory, 120_000],
    ['more after a question that took its whole time', slow(120_000, false), 480_000],
    ['four times the slowest of late', slow(90_000, true), 360_000],
    ['a quarter of an hour at the most', slow(480_000, false, slow(480_000, false)), 900_000]
  ])('is %s', (_, history, expected) => {
    expect(deadlineMs(history)).toBe(expected);
  });

  it('forgets one slow answer by and by', () => {
    const quick = { beganAtMs: 0, overAtMs: 10, isAnswered: true, isNews: false };
    const history = [1, 2, 3].reduce(before => afterQuestion(before, quick), slow(90_000, true));
    expect(deadlineMs(history)).toBe(120_000);
  });
});
