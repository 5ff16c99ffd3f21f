import type { Plan } from '../../shared/wire/plan';
import type { Resources } from '../../shared/wire/resources';
import type { TestOutcome } from '../schedulers/scheduler';
import { secondsOf } from '../schedulers/time-limit';

const SHORT = '1:00:00';
const SHORT_SECONDS = 3600;
/** From here on a quarter is a shape worth naming. */
const MANY_CPUS = 4;
const MUCH_MEMORY_MIB = 4096;
/** Two answers of one minute differ by nothing that a person cares about. */
const LEAST_GAIN_MS = 60_000;

const MIB: Readonly<Record<string, number>> = {
  '': 1,
  K: 1 / 1024,
  M: 1,
  G: 1024,
  T: 1024 ** 2
};

const SETS_TIME = /^(?:--time(?:=|$)|-t)/;

/** The same with another limit of time. */
export function withTime(asked: Resources, time: string): Resources {
  const { sbatch, ...rest } = asked;
  const others = sbatch?.filter(option => !SETS_TIME.test(option)) ?? [];
  return { ...rest, time, ...(others.length > 0 ? { sbatch: others } : {}) };
}

function quarterMemory(memory: string): string | null {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)([KMGT]?)B?$/i.exec(memory) ?? [];
  const mib = Number(amount) * (MIB[unit.toUpperCase()] ?? 1);
  return mib < MUCH_MEMORY_MIB ? null : `${Math.ceil(mib / 4)}M`;
}

function quartered(asked: Resources): Resources | null {
  const { cpus = 1, memory } = asked;
  const less: Resources = {};
  if (cpus >= MANY_CPUS) {
    less.cpus = Math.ceil(cpus / 4);
  }
  const quarter = memory === undefined ? null : quarterMemory(memory);
  if (quarter !== null) {
    less.memory = quarter;
  }
  return Object.keys(less).length === 0 ? null : { ...asked, ...less };
}

/** Shapes that ask for less than this one, the nearest to it first. */
export function smallerShapes(asked: Resources): Resources[] {
  const isLong = secondsOf(asked) > SHORT_SECONDS;
  const short = isLong ? withTime(asked, SHORT) : asked;
  const quarter = quartered(short);
  return [...(isLong ? [short] : []), ...(quarter === null ? [] : [quarter])];
}

function startMs({ accepted, estimatedStart }: TestOutcome): number {
  return accepted && estimatedStart !== null ? Date.parse(estimatedStart) : Infinity;
}

type Smaller = NonNullable<Plan['submit']>['smaller'];

/** The nearest of the smaller shapes that would start clearly sooner; null: none would. */
export function soonerShape(
  asked: TestOutcome,
  shapes: readonly { resources: Resources; outcome: TestOutcome }[]
): Smaller {
  const limit = startMs(asked) - LEAST_GAIN_MS;
  const found = shapes.find(({ outcome }) => startMs(outcome) < limit);
  return found === undefined
    ? null
    : { resources: found.resources, estimatedStart: found.outcome.estimatedStart };
}
