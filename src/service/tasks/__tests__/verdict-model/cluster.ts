import type { Dice } from './dice';
import type { Attempt, Life } from './life';

/** What a history's cluster is like. */
export type ClusterTraits = {
  minJobAge: number;
  /** Seconds since the submit from which on the books answer; Infinity: there are none. */
  booksFrom: number;
  booksLag: number;
  /** What the clocks of login node, controller and file server are ahead. */
  skew: { login: number; controller: number; files: number };
  /** The host can tell when a file was touched. */
  hasBeats: boolean;
  /** Exit status as one number, as before 23.02. */
  oldExit: boolean;
};

/** How an answer is spoilt. */
export type Fault =
  | 'none'
  | 'unanswered'
  | 'cut'
  | 'empty'
  | 'invalid-id'
  | 'stale'
  | 'unknown-word'
  | 'recycled'
  | 'another-user';

export const FAULTS: readonly Fault[] = [
  'unanswered',
  'cut',
  'empty',
  'invalid-id',
  'stale',
  'unknown-word',
  'recycled',
  'another-user'
];

export const JOB = { jobId: '7', key: 'sl-key', directory: '/r/runs/sl-key' } as const;
export const EPOCH = 1_790_000_000;
const UIDS = { here: '1001', outside: '1001', other: '1002', admin: '0' } as const;

/** What the job's own files and Slurm say at some time. */
export class Cluster {
  constructor(
    private readonly life: Life,
    private readonly traits: ClusterTraits
  ) {}

  /** The attempt that is the newest by then. */
  newest(at: number): number {
    const { attempts } = this.life;
    return Math.max(
      0,
      attempts.findLastIndex(({ queuedAt }) => queuedAt <= at)
    );
  }

  /** The state in Slurm's word; null: the controller has forgotten the job. */
  state(at: number): string | null {
    const index = this.newest(at);
    const attempt = this.attempt(index);
    const isLast = index === this.life.attempts.length - 1;
    if (attempt.startAt === null ? at < attempt.overAt : at < attempt.startAt) {
      return 'PENDING';
    }
    if (at < attempt.overAt || !isLast) {
      return 'RUNNING';
    }
    return at < attempt.overAt + this.traits.minJobAge ? attempt.ending.slurm[0] : null;
  }

  /** The text of an answer to a query. */
  answer(at: number, fault: Fault, dice: Dice): string {
    const { skew } = this.traits;
    const head = ['sluice:me 1001', `sluice:now ${Math.floor(EPOCH + at + skew.login)}`];
    const say = (lines: readonly string[]): string => `${[...head, ...lines].join('\n')}\n`;
    switch (fault) {
      case 'unanswered':
        return say([
          'sluice:status-0 1',
          'sluice:squeue-0 slurm_load_jobs error: Socket timed out'
        ]);
      case 'cut':
        return say([`sluice:squeue-0 ${this.row(at, 'RUNNING')}`]);
      case 'empty':
        return say(['sluice:status-0 0', 'sluice:books-0 0', ...this.beats(at)]);
      case 'invalid-id':
        return say([
          'sluice:status-0 1',
          'sluice:squeue-0 error: Invalid job id specified',
          ...this.behind(at)
        ]);
      case 'stale':
        return this.answer(at - dice.span(0, Math.min(30, at)), 'none', dice);
      case 'unknown-word':
        return say([
          'sluice:status-0 0',
          `sluice:squeue-0 ${this.row(at, 'SOMETHING_OF_2030')}`,
          ...this.rest(at)
        ]);
      case 'recycled':
      case 'another-user':
        return say(['sluice:status-0 0', ...this.foreign(fault, dice), ...this.beats(at)]);
      case 'none':
        return say(this.plain(at));
    }
  }

  private plain(at: number): string[] {
    const state = this.state(at);
    const isLive = state === 'RUNNING' || (state === 'PENDING' && this.newest(at) === 0);
    const isGone = state === null && this.traits.oldExit;
    return [
      isGone ? 'sluice:status-0 1' : 'sluice:status-0 0',
      ...(isGone ? ['sluice:squeue-0 slurm_load_jobs error: Invalid job id specified'] : []),
      ...(state === null ? [] : [`sluice:squeue-0 ${this.row(at, state)}`]),
      ...(isLive ? [] : this.rest(at))
    ];
  }

  /** Our number, as another job's, or our name, as another user's. */
  private foreign(fault: 'recycled' | 'another-user', dice: Dice): string[] {
    const state = dice.one(['COMPLETED', 'FAILED', 'CANCELLED', 'OUT_OF_MEMORY']);
    const [uid, name] = fault === 'recycled' ? ['1001', 'years-old'] : ['1002', JOB.key];
    const end = EPOCH - 9_000_000;
    return [
      `sluice:squeue-0 7|${state}|0|1:0|${end}|${end}|${uid}|node9|${name}|None`,
      'sluice:books-0 0',
      `sluice:sacct-0 7|${state}|1:0|node9|${uid}|${end}|${end}|5|00:01|1|mem=1M||${name}`
    ];
  }

  private row(at: number, state: string): string {
    const index = this.newest(at);
    const { startAt, overAt, node, ending } = this.attempt(index);
    const isPending = state === 'PENDING';
    const isOver = state === ending.slurm[0];
    const reason = isPending
      ? index === 0
        ? this.life.reason
        : 'BeginTime'
      : isOver
        ? ending.slurm[2]
        : 'None';
    const end = isOver ? this.instant(overAt) : 'NONE';
    const start = isPending ? 'N/A' : this.instant(startAt ?? overAt);
    const host = isPending || node === null ? 'n/a' : node;
    const exit = isOver ? this.exit(ending.slurm[1]) : '0';
    return [7, state, index, exit, start, end, '1001', host, JOB.key, reason].join('|');
  }

  private exit(text: string): string {
    const [code = 0, signal = 0] = text.split(':').map(Number);
    return this.traits.oldExit ? String(code * 256 + signal) : text;
  }

  private instant(at: number): string {
    return String(Math.floor(EPOCH + at + this.traits.skew.controller));
  }

  /** What a query says of a job that the queue does not show as alive. */
  private rest(at: number): string[] {
    const hasBooks = at >= this.traits.booksFrom;
    return [
      `sluice:books-0 ${hasBooks ? 0 : 1}`,
      ...(hasBooks ? this.books(at) : ['sluice:sacct-0 Slurm accounting storage is disabled']),
      ...this.beats(at)
    ];
  }

  /** The books may not know yet that a preempted job was queued again. */
  private behind(at: number): string[] {
    const { queuedAt } = this.attempt(this.newest(at));
    const rows = this.rest(at);
    const last = rows.findLastIndex(row => row.startsWith('sluice:sacct-0 7'));
    const former = this.life.attempts[this.newest(at) - 1]?.ending.slurm[0];
    const isNew = former === 'PREEMPTED' && at - queuedAt < 100;
    return isNew ? rows.filter((_, index) => index !== last) : rows;
  }

  private books(now: number): string[] {
    const at = now - this.traits.booksLag;
    const { attempts } = this.life;
    const known = attempts.filter(({ queuedAt }) => queuedAt <= at);
    return known.map((attempt, index) => {
      const isOver = at >= attempt.overAt;
      const isLast = index === attempts.length - 1;
      const start = attempt.startAt !== null && at >= attempt.startAt ? attempt.startAt : null;
      const state = isOver ? this.word(attempt, isLast) : start === null ? 'PENDING' : 'RUNNING';
      const node = start === null ? 'None assigned' : (attempt.node ?? 'None assigned');
      const [from, to] = [start, isOver ? attempt.overAt : null].map(time =>
        time === null ? 'Unknown' : this.instant(time)
      );
      const exit = isOver ? attempt.ending.slurm[1] : '0:0';
      return `sluice:sacct-0 7|${state}|${exit}|${node}|1001|${from}|${to}|5|00:01|1|mem=1M||${JOB.key}`;
    });
  }

  private word({ ending }: Attempt, isLast: boolean): string {
    const [state] = ending.slurm;
    const { by } = this.life.ending;
    return state === 'CANCELLED' && isLast && by !== undefined ? `CANCELLED by ${UIDS[by]}` : state;
  }

  private beats(at: number): string[] {
    return this.life.attempts.flatMap(({ lines, workerUntil }, index) => {
      const [from] = lines;
      if (!this.traits.hasBeats || from === undefined || workerUntil === null || at < from) {
        return [];
      }
      const beat = from + Math.floor((Math.min(at, workerUntil) - from) / 10) * 10;
      return [`sluice:beat 7 ${index} ${Math.floor(EPOCH + beat + this.traits.skew.files)}`];
    });
  }

  private attempt(index: number): Attempt {
    const attempt = this.life.attempts[index];
    if (attempt === undefined) {
      throw new Error(`no attempt ${index}`);
    }
    return attempt;
  }
}
