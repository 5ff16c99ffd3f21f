import type { Resources } from '../../shared/wire/resources';

const SETS_TIME = /^(?:--time(?:=|$)|-t)/;
/** getopt accepts every unambiguous beginning of a name. */
const SETS_SIGNAL = /^--sig(?:n|na|nal)?(?:=|$)/;
/** Slurm's own, where a signal is named without a time. */
const DEFAULT_LEAD_SECONDS = 60;

const LEAD_SHARE = 1 / 10;
const LEAST_SECONDS = 30;
const MOST_SECONDS = 300;
/** Where the limit is the site's, which we do not know. */
const UNASKED_SECONDS = 120;
const MINUTE_SECONDS = 60;

/** A time limit as Slurm reads it, in seconds; what has no end is infinite. */
export function slurmSeconds(time: string): number {
  if (/^(?:UNLIMITED|INFINITE)$/i.test(time)) {
    return Infinity;
  }
  const [, days, clock = ''] = /^(?:(\d+)-)?(.*)$/.exec(time) ?? [];
  const parts = clock.split(':').map(Number);
  const [first = 0, second = 0, third = 0] = parts;
  if (days !== undefined) {
    return Number(days) * 86_400 + first * 3600 + second * 60 + third;
  }
  return parts.length === 3 ? first * 3600 + second * 60 + third : first * 60 + second;
}

/** What a job may take, in seconds; the raw option that names a time is the one that counts. */
export function secondsOf({ time, sbatch = [] }: Resources): number {
  const raw = sbatch.findLast(option => SETS_TIME.test(option));
  const asked = raw?.replace(/^(?:--time=?|-t)/, '').trim() ?? time;
  return asked === undefined || asked === '' ? Infinity : slurmSeconds(asked);
}

/** The option by which a person chose the signal before the end; null: Sluice chooses. */
export function ownSignal({ sbatch = [] }: Resources): string | null {
  return sbatch.findLast(option => SETS_SIGNAL.test(option)) ?? null;
}

/** The lead of a person's own signal, where it is one that the worker hears. */
function ownLead(option: string): number | null {
  const found = /=(?:[RB]:)*B:(?:[RB]:)*(?:SIG)?(?:USR1|10)(?:@(\d+))?$/i.exec(option);
  return found === null ? null : Number(found[1] ?? DEFAULT_LEAD_SECONDS);
}

/**
 * How long before the end of its time a job is told of it (by USR1); null: it is not told, since the
 * person has chosen another signal. Slurm may tell it up to a minute earlier.
 */
export function noticeSeconds(resources: Resources): number | null {
  const own = ownSignal(resources);
  if (own !== null) {
    return ownLead(own);
  }
  const limit = secondsOf(resources);
  if (!Number.isFinite(limit)) {
    return UNASKED_SECONDS;
  }
  const lead = Math.min(Math.max(Math.round(limit * LEAD_SHARE), LEAST_SECONDS), MOST_SECONDS);
  return limit <= MINUTE_SECONDS || limit < 2 * lead ? Math.max(1, Math.floor(limit / 3)) : lead;
}
