import type { Dice } from './dice';
import { type Ending, ENDINGS, INTERRUPTIONS } from './endings';

/** A start of the job, in truth; times are seconds since the submit. */
export type Attempt = {
  queuedAt: number;
  /** Null: it never left the queue. */
  startAt: number | null;
  node: string | null;
  /** When the worker said each of its lines; the first one says that it began. */
  lines: number[];
  /** Until when the worker was alive. */
  workerUntil: number | null;
  endAt: number | null;
  exitAt: number | null;
  /** When the scheduler called it over. */
  overAt: number;
  ending: Pick<Ending, 'name' | 'end' | 'exit' | 'slurm'>;
};

/** A job's life, in truth. */
export type Life = {
  attempts: Attempt[];
  ending: Ending;
  /** The reason that Slurm gives while it waits for the first time. */
  reason: string;
  /** The person asked for its end; the scheduler took that, or not. */
  cancelRequestedAt: number | null;
  cancelTakenAt: number | null;
};

const REASONS = ['Priority', 'Resources', 'QOSMaxGRESPerUser', 'JobHeldUser', 'BeginTime'] as const;

function cellAttempt(dice: Dice, ending: Attempt['ending'], queuedAt: number): Attempt {
  const startAt = queuedAt + dice.span(0.2, dice.is(0.2) ? 400 : 30);
  const beganAt = startAt + dice.span(0.2, 3);
  const workerUntil = beganAt + dice.span(0.5, dice.is(0.3) ? 900 : 60);
  const between = Array.from({ length: Math.floor(dice.span(0, 4)) }, () =>
    dice.span(beganAt, workerUntil)
  );
  const endAt = ending.end === null ? null : workerUntil;
  const exitAt =
    ending.exit === null ? null : workerUntil + dice.span(0.02, dice.is(0.3) ? 4 : 0.5);
  const last = endAt === null ? [] : [endAt - 0.1];
  return {
    queuedAt,
    startAt,
    node: 'node1',
    lines: [beganAt, ...between.sort((a, b) => a - b), ...last],
    workerUntil,
    endAt,
    exitAt,
    overAt: (exitAt ?? workerUntil) + dice.span(0.1, 8),
    ending
  };
}

function early(dice: Dice, ending: Ending, queuedAt: number): Attempt {
  const leavesAt = queuedAt + dice.span(0.5, 200);
  const isQueue = ending.when === 'queue';
  const overAt = isQueue ? leavesAt : leavesAt + dice.span(0.2, 5);
  return {
    queuedAt,
    startAt: isQueue ? null : leavesAt,
    node: isQueue ? null : 'node1',
    lines: [],
    workerUntil: null,
    endAt: null,
    exitAt: ending.exit === null ? null : overAt - 0.1,
    overAt,
    ending
  };
}

/** The scheduler gives the job up long before its worker ends. */
function outliving(dice: Dice, attempt: Attempt): Attempt {
  const until = (attempt.workerUntil ?? 0) + dice.span(60, 500);
  const lines = attempt.lines.map((at, index, all) =>
    index === all.length - 1 ? until - 0.1 : at
  );
  return { ...attempt, overAt: attempt.workerUntil ?? 0, workerUntil: until, endAt: until, lines };
}

function lastAttempt(dice: Dice, ending: Ending, queuedAt: number): Attempt {
  if (ending.when !== 'cell') {
    return early(dice, ending, queuedAt);
  }
  const attempt = cellAttempt(dice, ending, queuedAt);
  return ending.outlives === true ? outliving(dice, attempt) : attempt;
}

/** A life by chance; `name`: with this end. */
export function makeLife(dice: Dice, name?: string): Life {
  const ending = ENDINGS.find(one => one.name === name) ?? dice.one(ENDINGS);
  const attempts: Attempt[] = [];
  let queuedAt = 0;
  while (attempts.length < 3 && dice.is(0.2)) {
    const attempt = cellAttempt(dice, dice.one(INTERRUPTIONS), queuedAt);
    attempts.push(attempt);
    queuedAt = attempt.overAt;
  }
  const before = attempts.length;
  const last = lastAttempt(dice, ending, before === 0 ? 0 : queuedAt + dice.span(0, 120));
  attempts.push({ ...last, queuedAt });
  const isCanceledHere = ending.by === 'here';
  const takenAt = isCanceledHere
    ? Math.max(queuedAt, (last.workerUntil ?? last.overAt) - 0.5)
    : null;
  const wishedAt = dice.is(0.1) ? dice.span(0, last.overAt) : null;
  return {
    attempts,
    ending,
    reason: dice.one(REASONS),
    cancelRequestedAt: takenAt === null ? wishedAt : takenAt - dice.span(0, 5),
    cancelTakenAt: takenAt
  };
}
