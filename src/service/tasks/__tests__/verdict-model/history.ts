import { canMove, isTerminal, type Phase } from '../../../../shared/phases';
import type { Reason } from '../../../../shared/wire/task';
import { parseSlurmQuery } from '../../../schedulers/slurm-query';
import type { EndRecord } from '../../../store/task-record';
import type { Judgement, Rule } from '../../evidence';
import { judge } from '../../verdict';
import { Watch } from '../../watch';
import { Cluster, type ClusterTraits, EPOCH, type Fault, FAULTS, JOB } from './cluster';
import type { Dice } from './dice';
import { type Attempt, type Life, makeLife } from './life';

/** What a history did that no history may do. */
export class FalseVerdict extends Error {}

/** What became of it. */
export type Outcome = { end: string; phase: Phase; reason: Reason | null; at: number };

type Traits = ClusterTraits & {
  /** Until when answers are spoilt, links cut and the service restarted. */
  badUntil: number;
  /** How late a file is seen on the login node, at the most. */
  lag: number;
  /** It is always that late. */
  isSteady: boolean;
  /** Between the look at the end record and that at the exit record. */
  gap: number;
  /** Files may appear in another order than they were written. */
  isReordered: boolean;
};

const LAG_MS = 30_000;
const URGENT = [0.5, 3, 10, 30] as const;
const REASON_CODES: Readonly<Record<string, string>> = {
  Priority: 'priority',
  Resources: 'resources',
  QOSMaxGRESPerUser: 'limit',
  JobHeldUser: 'held',
  BeginTime: 'begin-time'
};

function makeTraits(dice: Dice, { attempts, ending }: Life): Traits {
  const last = attempts.at(-1) as Attempt;
  // Of a worker that left in its own time, all is written; only then may order be lost without harm.
  const isOrderly = (last.ending.exit?.status ?? 0) < 3 || ending.end?.status !== 'ok';
  const skew = (): number => dice.span(-140, 140);
  return {
    minJobAge: dice.is(0.7) ? 300 : 2,
    booksFrom: dice.is(0.6) ? 0 : dice.is(0.5) ? dice.span(0, 4000) : Infinity,
    booksLag: dice.is(0.5) ? 0 : dice.span(0, 100),
    skew: { login: skew(), controller: skew(), files: skew() },
    hasBeats: ending.outlives === true || dice.is(0.6),
    oldExit: dice.is(0.3),
    isSteady: dice.is(0.5),
    badUntil: dice.is(0.3) ? 0 : dice.span(0, last.overAt * 1.3 + 300),
    lag: dice.is(0.5) ? 0 : dice.span(0, 25),
    gap: dice.is(0.4) ? dice.span(0, 3) : 0.05,
    isReordered: isOrderly && dice.is(0.3)
  };
}

/** One history: a life, a cluster, and a service that watches it through all that goes wrong. */
export class History {
  private readonly life: Life;
  private readonly traits: Traits;
  private readonly cluster: Cluster;
  private watch = new Watch(0);
  private phase: Phase = 'queued';
  private reason: Reason | null = null;
  private attempt = 0;
  private now = 0;
  /** Lines of the attempt that are stored. */
  private stored = 0;
  private isSuperseded = false;
  /** Latest time as of which each kind of file was seen. */
  private readonly seen = { lines: 0, names: 0, end: 0 };
  private stirredAt = 0;
  private lastPollAt = -Infinity;
  private needsWord = false;
  private exitHeardAt: number | null = null;
  private stopHeardAt: number | null = null;
  private endHeardAt: number | null = null;
  private cancelHeardAt: number | null = null;
  private aliveSince: number | null = null;
  /** Since when nothing goes wrong any more; a sleep may go on beyond its time. */
  private goodFrom = Infinity;

  constructor(
    private readonly dice: Dice,
    private readonly rules: readonly Rule[],
    name?: string
  ) {
    this.life = makeLife(dice, name);
    this.traits = makeTraits(dice, this.life);
    this.cluster = new Cluster(this.life, this.traits);
  }

  /** Live through it; throws {@link FalseVerdict} where the verdict is wrong, or none where one is due. */
  run(): Outcome {
    const { badUntil, booksFrom } = this.traits;
    const last = this.last();
    const from = Math.max(
      last.overAt,
      last.workerUntil ?? 0,
      badUntil,
      Number.isFinite(booksFrom) ? booksFrom : 0
    );
    const until = (): number => (this.isGood() ? Math.max(from, this.goodFrom) + 1500 : Infinity);
    while (this.now < until() && !isTerminal(this.phase)) {
      this.step();
    }
    this.checkEnd();
    const { phase, reason, now } = this;
    return { end: this.life.ending.name, phase, reason, at: now };
  }

  /** What happened, for whoever looks at a failure. */
  describe(): string {
    const { life, traits, now, phase, reason, attempt } = this;
    return JSON.stringify({ now, phase, code: reason?.code, attempt, traits, life }, null, 1);
  }

  private last(): Attempt {
    return this.life.attempts.at(-1) as Attempt;
  }

  private isGood(): boolean {
    return this.now >= this.traits.badUntil;
  }

  private step(): void {
    const { dice } = this;
    if (this.isGood()) {
      this.goodFrom = Math.min(this.goodFrom, this.now);
    } else {
      if (dice.is(0.02)) {
        this.restartService();
      }
      if (dice.is(0.04)) {
        // Asleep, or out of touch.
        this.now += dice.span(30, dice.is(0.2) ? 2000 : 200);
      }
    }
    this.now += this.isGood() ? dice.span(2, 6) : dice.span(1, 15);
    this.takeCancel();
    const isPollFirst = dice.is(0.5);
    if (isPollFirst) {
      this.pollIfDue();
    }
    if (!isTerminal(this.phase)) {
      this.look();
    }
    if (!isPollFirst && !isTerminal(this.phase)) {
      this.pollIfDue();
    }
  }

  private restartService(): void {
    this.watch = new Watch(this.now * 1000);
    this.watch.started = this.stored > 0;
    this.needsWord = false;
    this.isSuperseded = false;
    this.exitHeardAt = null;
    this.stopHeardAt = null;
    this.endHeardAt = null;
    this.cancelHeardAt = null;
    this.aliveSince = null;
  }

  private takeCancel(): void {
    const { cancelTakenAt } = this.life;
    if (cancelTakenAt !== null && this.now >= cancelTakenAt) {
      this.watch.cancelTold = true;
    }
  }

  /** Up to when things are seen now, and never less than before. */
  private visible(what: keyof History['seen'], at: number): number {
    const { lag: most, isSteady } = this.traits;
    const lag = isSteady ? most : this.dice.span(0, most);
    this.seen[what] = Math.max(this.seen[what], at - lag);
    return this.seen[what];
  }

  /** The follower's question. */
  private look(): void {
    const { traits, now, watch } = this;
    const attempt = this.life.attempts[this.attempt] as Attempt;
    const names = this.visible('names', now);
    const upTo = this.visible('lines', now);
    const lines = attempt.lines.filter(at => at <= upTo).length;
    const grew = lines > this.stored;
    if (grew) {
      this.stored = lines;
      watch.speak(now * 1000);
      watch.started = true;
    }
    const ends = traits.isReordered ? this.visible('end', now) : names;
    if (attempt.endAt !== null && attempt.endAt <= ends) {
      this.hearEnd(attempt);
    }
    const later = Math.max(names, this.visible('names', now + traits.gap));
    if (attempt.exitAt !== null && attempt.exitAt <= later && attempt.ending.exit !== null) {
      this.exitHeardAt ??= now;
      watch.hearExit({ ...attempt.ending.exit, at: EPOCH + attempt.exitAt }, now * 1000);
    }
    if (!this.moveOn(grew, names)) {
      watch.pass(grew);
    }
    this.judge();
    this.checkLook(grew);
  }

  private hearEnd(attempt: Attempt): void {
    const { end } = attempt.ending;
    const record: EndRecord = {
      status: 'ok',
      exitCode: null,
      signal: null,
      ename: null,
      evalue: null,
      ...end,
      lastSeq:
        attempt.lines.length +
        (this.life.ending.losesEvents === true && attempt === this.last() ? 2 : 0)
    };
    const isStop = record.status === 'terminated' && attempt === this.last();
    this.stopHeardAt ??= isStop && this.isGood() ? this.now : null;
    this.endHeardAt ??= this.now;
    this.watch.hearEnd(record, this.now * 1000);
  }

  /** To the next attempt, once nothing more comes of this one. */
  private moveOn(grew: boolean, names: number): boolean {
    const next = this.life.attempts.findIndex(
      ({ lines: [first], exitAt }, index) =>
        index > this.attempt && (first ?? exitAt ?? Infinity) <= names
    );
    if (next < 0) {
      return false;
    }
    if (grew || !this.isSuperseded) {
      this.isSuperseded = true;
      return false;
    }
    this.follow(next);
    return true;
  }

  private follow(attempt: number): void {
    this.watch.restart(this.now * 1000, attempt);
    this.attempt = attempt;
    this.stored = 0;
    this.isSuperseded = false;
    this.exitHeardAt = null;
    this.endHeardAt = null;
  }

  private pollIfDue(): void {
    const urgent = this.needsWord ? URGENT.map(after => this.stirredAt + after) : [];
    const quick = [2, 10, 30].map(after => after);
    const due = [this.lastPollAt + 60, ...urgent, ...quick].some(
      at => at > this.lastPollAt && at <= this.now
    );
    if (due) {
      this.poll(this.isGood() || this.dice.is(0.5) ? 'none' : this.dice.one(FAULTS));
    }
  }

  private poll(fault: Fault): void {
    const { now, watch } = this;
    this.lastPollAt = now;
    const stdout = this.cluster.answer(now, fault, this.dice);
    const outcome = parseSlurmQuery({ status: 0, stdout, stderr: '' }, [JOB]);
    if (outcome.kind === 'unanswered') {
      return;
    }
    const report = outcome.reports[0] ?? 'absent';
    const heartbeats = (outcome.heartbeats ?? []).filter(({ attempt }) => attempt >= this.attempt);
    const { at = null, books = null } = outcome;
    watch.hear(report, { nowMs: now * 1000, at, heartbeats, books });
    const hadFiles = watch.end !== null || watch.exit !== null;
    const wasAtWork = this.phase === 'running' && watch.started;
    const isEarlier = report !== 'absent' && report.restarts < this.attempt;
    this.judge();
    this.expect(!isEarlier || this.phase !== 'preempted', 'an earlier start counts');
    if (wasAtWork && this.cluster.newest(now) === this.attempt) {
      this.expect(this.phase !== 'queued', 'back to the queue on a stale word');
    }
    if (
      fault === 'unknown-word' &&
      !hadFiles &&
      report !== 'absent' &&
      report.restarts === this.attempt
    ) {
      this.expect(this.reason?.code === 'unknown-word', 'an unknown word is not told');
    }
    if (fault === 'none' && this.isGood()) {
      this.checkPoll(hadFiles);
    }
  }

  private judge(): void {
    const { watch, life, now, phase, attempt } = this;
    const cancelRequested = life.cancelRequestedAt !== null && now >= life.cancelRequestedAt;
    const known = {
      phase,
      attempt,
      cancelRequested,
      lagMs: LAG_MS,
      python: null,
      lastSeq: this.stored
    };
    const judgement = judge(watch.evidence(known, now * 1000), this.rules);
    if (judgement.needsWord && !this.needsWord) {
      this.stirredAt = now;
    }
    this.needsWord = judgement.needsWord;
    this.act(judgement);
  }

  private act({ phase, reason, nextAttempt }: Judgement): void {
    if (phase !== null) {
      this.expect(
        phase === this.phase || canMove(this.phase, phase),
        `no way from ${this.phase} to ${phase}`
      );
      this.phase = phase;
      this.reason = reason;
      // Of what a former process of the service had given up, this one has not waited for itself.
      const isEarly = this.endHeardAt !== null && this.now - this.endHeardAt < 290;
      const isGivenUp = reason?.code === 'output-missing';
      this.expect(!isGivenUp || !isEarly, 'events are given up too early');
    }
    if (phase !== null && isTerminal(phase)) {
      this.checkVerdict(phase);
    } else if (nextAttempt !== null && nextAttempt > this.attempt) {
      this.expect(nextAttempt < this.life.attempts.length, 'an attempt that never was');
      this.follow(nextAttempt);
    }
  }

  private expect(isSo: boolean, what: string): void {
    if (!isSo) {
      throw new FalseVerdict(`${what} (${this.life.ending.name}, at ${this.now.toFixed(1)} s)`);
    }
  }

  private checkVerdict(phase: Phase): void {
    const { ending } = this.life;
    const last = this.last();
    const code = this.reason?.code ?? null;
    const overAt = Math.min(last.overAt, last.endAt ?? Infinity, last.exitAt ?? Infinity);
    this.expect(ending.phases.includes(phase), `called ${phase} (${code})`);
    this.expect(this.now + this.traits.gap >= overAt, `called ${phase} before its end`);
    this.expect(ending.codes.includes(code), `the reason is ${code}`);
    if (phase === 'completed') {
      this.expect(this.stored >= last.lines.length, 'completed before its output was there');
      const { exit, report } = this.watch;
      const isOtherEnd =
        report !== null &&
        report !== 'absent' &&
        report.restarts === this.attempt &&
        ['failed', 'canceled', 'timed-out', 'node-failed'].includes(report.state);
      const isBad = (exit?.status ?? 0) > 0 || isOtherEnd;
      this.expect((code === 'left-badly') === isBad, 'how it left is not told');
    }
  }

  /** Where the scheduler's fresh and true word decides, the phase follows it. */
  private checkPoll(hadFiles: boolean): void {
    const state = this.cluster.state(this.now);
    const index = this.cluster.newest(this.now);
    const isUnread = this.watch.end !== null && this.stored < this.watch.end.lastSeq;
    // A word on the exit alone is looked at twice.
    const isUnsettled = this.watch.exit !== null && this.watch.end === null;
    if (isTerminal(this.phase) || isUnread) {
      return;
    }
    if (state === 'PENDING') {
      const code = index === 0 ? REASON_CODES[this.life.reason] : 'requeued';
      this.expect(this.phase === 'queued' && this.reason?.code === code, 'not called queued');
    } else if (state === 'RUNNING' && (!hadFiles || this.attempt < index)) {
      this.expect(this.phase === 'running', 'not called running');
    } else if (state === 'PREEMPTED' && this.attempt === index && !isUnsettled) {
      this.expect(['preempted', 'queued'].includes(this.phase), 'not called preempted');
    } else if (state === 'REVOKED' && this.attempt === index) {
      this.expect(this.phase === 'unknown', 'not called unknown');
    }
    this.checkAlive(state, hadFiles);
    if (state === 'CANCELLED' && this.last().startAt === null) {
      this.cancelHeardAt ??= this.now;
    }
  }

  private checkAlive(state: string | null, hadFiles: boolean): void {
    const { lines, workerUntil, overAt } = this.last();
    const isAlive = (lines[0] ?? Infinity) < this.now - 12 && (workerUntil ?? 0) > this.now;
    const isGivenUp = state === null || (this.now >= overAt && state !== 'PREEMPTED');
    if (!isAlive || !isGivenUp || hadFiles || this.attempt < this.life.attempts.length - 1) {
      this.aliveSince = null;
      return;
    }
    this.aliveSince ??= this.now;
    this.expect(
      this.now - this.aliveSince < 45 || this.phase === 'running',
      'a live worker is not heard'
    );
  }

  /** What must be known in time. */
  private checkLook(grew: boolean): void {
    const { watch, life, now } = this;
    if (isTerminal(this.phase)) {
      return;
    }
    const isLast = this.attempt === life.attempts.length - 1;
    const hasWord = typeof watch.report === 'object' && watch.report !== null;
    if (
      watch.started &&
      watch.end === null &&
      watch.exit === null &&
      !hasWord &&
      watch.report === null
    ) {
      this.expect(
        this.phase === 'running' || this.phase === 'unknown',
        'it began, and is not called running'
      );
    }
    const isPlain =
      life.ending.isPlain === true &&
      isLast &&
      life.cancelRequestedAt === null &&
      (watch.started || life.ending.when === 'script');
    if (isPlain && !grew && this.exitHeardAt !== null && this.exitHeardAt < now) {
      this.expect(false, 'the exit record is not heard at once');
    }
    if (this.cancelHeardAt !== null && now - this.cancelHeardAt > 20) {
      this.expect(false, 'a cancel in the queue is not known at once');
    }
    this.checkAsked();
  }

  /** Why the worker was told to stop, the scheduler is asked in time. */
  private checkAsked(): void {
    const { now, stopHeardAt, goodFrom, stirredAt } = this;
    if (stopHeardAt === null || this.life.ending.slurm[0] === 'PREEMPTED') {
      return;
    }
    // Urgent questions that bad times spoilt are not asked anew: the next comes a minute after the last.
    const dueAfter = stirredAt < goodFrom ? 75 : 55;
    const isKept = stopHeardAt + dueAfter + 5 < this.last().overAt + this.traits.minJobAge;
    this.expect(!isKept || now - stopHeardAt <= dueAfter, 'the scheduler is not asked in time');
  }

  private checkEnd(): void {
    const { ending } = this.life;
    if (isTerminal(this.phase)) {
      return;
    }
    this.expect(!this.isDecidable(), `no end is known at last: ${this.phase}`);
    this.expect(
      this.phase === 'unknown',
      `called ${this.phase} at last, where nothing can be known`
    );
    this.expect(this.reason !== null, 'a doubt without a reason');
    if (ending.losesEvents === true) {
      this.expect(this.reason?.code === 'output-missing', 'a loss of output is not told');
    }
  }

  /** Whether somebody tells at last how it ended. */
  private isDecidable(): boolean {
    const { ending, cancelTakenAt, cancelRequestedAt } = this.life;
    const { booksFrom, minJobAge } = this.traits;
    const isStopped = ending.end?.status === 'terminated';
    const byFiles =
      (ending.end !== null && !isStopped) ||
      (ending.isPlain === true && cancelRequestedAt === null) ||
      ['no record though it failed', 'python died early'].includes(ending.name);
    const byWord =
      Number.isFinite(booksFrom) || (minJobAge > 100 && this.last().overAt >= this.goodFrom);
    return ending.phases.length > 0 && (byFiles || byWord || cancelTakenAt !== null);
  }
}
