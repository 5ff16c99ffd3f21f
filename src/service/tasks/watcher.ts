import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { WorkerLine } from '../../shared/wire/events';
import { isTerminal } from '../../shared/phases';
import type { Connection } from '../../shared/wire/connection';
import type { JobRef, QueryOutcome } from '../schedulers/scheduler';
import type { EventStore } from '../store/event-store';
import type { Place, TaskRecord } from '../store/task-record';
import { runDirectory } from './build-job';
import type { IClock } from './clock';
import { parseEndRecord } from './end-record';
import { followIntervalMs } from './follow-interval';
import { Follower, type IFollowSink } from './follower';
import { Hosts } from './hosts';
import { Poller } from './poller';
import type { PollHistory } from './poll-history';
import { planPoll, type PolledTask, type PollPlan } from './poll-plan';
import { reasonOf } from './reason';
import type { TaskBoard } from './task-board';
import { judge, type Verdict } from './verdict';
import { Watch } from './watch';

export type WatcherOptions = {
  board: TaskBoard;
  events: EventStore;
  hosts: Hosts;
  clock: IClock;
  log: Logger;
  hasViewer: (task: string) => boolean;
  /** The least time between two questions to a scheduler that the person or the site wants. */
  pollFloorMs: (place: Place) => Promise<number>;
  /** Called with each verdict that changes something. */
  decide: (record: TaskRecord, verdict: Verdict) => void;
};

/** Whether nothing goes on there before a person has logged in. */
const needsPerson = ({ state, notBefore }: Connection): boolean =>
  state === 'needs-login' || (state === 'paused' && notBefore === null);

/** Nodes write what we read on another host: NFS may hide a new file for as long as that. */
const CLUSTER_LAG_MS = 30_000;
/** The host that wrote how a job ended wrote the job's end record before. */
const ONE_HOST_LAG_MS = 1000;

/** Follows accepted jobs: brings their lines into the store, and judges what is known of them. */
export class Watcher {
  private readonly watches = new Map<string, Watch>();
  private readonly followers = new Map<string, Follower>();
  private readonly pollers = new Map<string, Poller>();
  private readonly stops: (() => void)[] = [];
  private closed = false;

  constructor(private readonly options: WatcherOptions) {}

  /** Begin, or begin again after a restart of the service. */
  watch(record: TaskRecord): void {
    const { place } = record;
    if (place === null || this.watches.has(record.id)) {
      return;
    }
    const { events, clock } = this.options;
    const watch = new Watch(clock.nowMs());
    watch.started = events.lastSeq(record.id, record.attempt) > 0;
    this.watches.set(record.id, watch);
    const offset = events.offset(record.id, record.attempt);
    this.follower(place).follow(record.id, runDirectory(place, record.id), record.attempt, offset);
    this.poller(place).stir();
    this.heedConnection(place);
  }

  /** No more news of this task is wanted. */
  forget(record: TaskRecord): void {
    this.watches.delete(record.id);
    if (record.place !== null) {
      this.follower(record.place).unfollow(record.id);
    }
  }

  /** News is near: a submit, a cancel. */
  stir(record: TaskRecord): void {
    const watch = this.watches.get(record.id);
    if (watch !== undefined && record.place !== null) {
      watch.stirredAtMs = this.options.clock.nowMs();
      this.follower(record.place).hurry();
      this.poller(record.place).stir();
    }
  }

  close(): void {
    this.closed = true;
    this.followers.forEach(follower => follower.close());
    this.pollers.forEach(poller => poller.close());
    this.stops.forEach(stop => {
      stop();
    });
  }

  private follower(place: Place): Follower {
    const key = Hosts.key(place);
    let follower = this.followers.get(key);
    if (follower === undefined) {
      const transport = this.options.hosts.transport(place);
      this.stops.push(
        transport.onConnection(() => {
          this.heedConnection(place);
        })
      );
      follower = new Follower({
        transport,
        sink: this.sink(place),
        clock: this.options.clock,
        intervalMs: () => this.intervalMs(place)
      });
      this.followers.set(key, follower);
    }
    return follower;
  }

  /** Tasks say so while their host waits for a person, and no longer. */
  private heedConnection(place: Place): void {
    const { board, hosts, log } = this.options;
    const { connection, host } = hosts.transport(place);
    const isNeeded = needsPerson(connection);
    for (const { record } of this.tasksAt(place)) {
      const isSaid = record.reason?.code === 'needs-login';
      if (isNeeded && !isSaid) {
        log.info({ task: record.id, host, why: connection.words }, 'waits for a login');
        const why = connection.words ?? 'a person is needed';
        board.patch(record.id, { reason: reasonOf.needsLogin(host, record.target, why) });
      } else if (isSaid && connection.state === 'connected') {
        board.patch(record.id, { reason: null });
        this.stir(record);
      }
    }
  }

  /** Tasks say so while nothing is heard of their host, and no longer. */
  private heedTrouble(place: Place, error: unknown): void {
    const { board, hosts } = this.options;
    const { connection, host } = hosts.transport(place);
    for (const { record } of this.tasksAt(place)) {
      if (error === null && record.reason?.code === 'connection-lost') {
        board.patch(record.id, { reason: null });
      } else if (error !== null && !needsPerson(connection)) {
        board.patch(record.id, { reason: reasonOf.outOfTouch(host, error) });
      }
    }
  }

  private intervalMs(place: Place): number {
    const nowMs = this.options.clock.nowMs();
    const here = this.tasksAt(place);
    const sinceNewsMs = Math.min(...here.map(({ watch }) => nowMs - watch.newsAtMs));
    const hasViewer = here.some(({ record }) => this.options.hasViewer(record.id));
    const sinceTurnMs = Math.min(...here.map(({ watch }) => nowMs - watch.turnAtMs));
    return followIntervalMs({ sinceTurnMs, sinceNewsMs, hasViewer, isLocal: place.host === null });
  }

  private tasksAt(place: Place): { record: TaskRecord; watch: Watch }[] {
    const key = Hosts.key(place);
    return this.options.board.liveTasks.flatMap(record => {
      const watch = this.watches.get(record.id);
      const isHere = record.place !== null && Hosts.key(record.place) === key;
      return watch !== undefined && isHere ? [{ record, watch }] : [];
    });
  }

  private sink(place: Place): IFollowSink {
    const { board, log, clock } = this.options;
    return {
      lines: (task, attempt, lines, offset) => {
        board.append({ task, attempt, lines, offset });
        this.learn(task, lines);
      },
      end: (task, _attempt, text) => {
        const watch = this.watches.get(task);
        if (watch !== undefined && watch.end === null) {
          watch.end = parseEndRecord(text);
          watch.newsAtMs = clock.nowMs();
          if (watch.end?.status === 'terminated') {
            // Why, only the scheduler knows.
            watch.stirredAtMs = clock.nowMs();
            this.poller(place).stir();
          }
        }
      },
      exit: () => undefined,
      unsealed: (task, attempt, what) => {
        log.warn({ task, attempt, what }, 'a seal is missing or wrong');
        board.patch(task, { hasUnverified: true });
      },
      attempt: (task, attempt) => {
        this.watches.get(task)?.restart(clock.nowMs());
        board.patch(task, { attempt, end: null, results: [], node: null });
      },
      pass: (task, grew) => {
        const watch = this.watches.get(task);
        if (watch !== undefined) {
          watch.drained = watch.report !== null && !grew;
          this.judge(task, watch);
        }
      },
      trouble: error => {
        if (error !== null) {
          log.warn({ err: error, host: place.host }, 'following the jobs is interrupted');
        }
        this.heedTrouble(place, error);
      },
      unreadable: (task, lines) => {
        log.error({ task, first: lines[0]?.slice(0, 200) }, 'lines that no worker writes');
      }
    };
  }

  /** What the lines tell beyond being outputs. */
  private learn(task: string, lines: readonly WorkerLine[]): void {
    const watch = this.watches.get(task);
    const { board, clock } = this.options;
    if (watch === undefined) {
      return;
    }
    watch.newsAtMs = clock.nowMs();
    for (const line of lines) {
      if (line.type === 'started') {
        watch.started = true;
        watch.turnAtMs = clock.nowMs();
        // Here and not with the phase: a short task is over before it was ever seen running.
        const startedAt = board.get(task).startedAt ?? clock.nowMs();
        board.patch(task, { node: line.data.host, startedAt });
      }
    }
    const results = lines.flatMap(line => (line.type === 'variable' ? [line.data] : []));
    if (results.length > 0) {
      board.patch(task, { results: [...board.get(task).results, ...results] });
    }
  }

  private judge(task: string, watch: Watch): void {
    const { board, events, clock, decide } = this.options;
    const record = board.get(task);
    const lastSeq = events.lastSeq(task, record.attempt);
    const { phase, cancelRequested } = record;
    const lagMs = record.place?.scheduler === 'process' ? ONE_HOST_LAG_MS : CLUSTER_LAG_MS;
    const known = { phase, cancelRequested, lastSeq, lagMs };
    const verdict = judge(watch.evidence(known, clock.nowMs()));
    if (verdict === null) {
      return;
    }
    const isNews = verdict.phase !== phase || verdict.reason?.message !== record.reason?.message;
    if (isNews || isTerminal(verdict.phase)) {
      decide(watch.end === null ? record : board.patch(task, { end: watch.end }), verdict);
    }
  }

  private poller(place: Place): Poller {
    const key = `${Hosts.key(place)} ${place.scheduler}`;
    let poller = this.pollers.get(key);
    if (poller === undefined) {
      const { hosts, clock, log } = this.options;
      poller = new Poller({
        transport: hosts.transport(place),
        scheduler: hosts.scheduler(place.scheduler),
        clock,
        floorMs: () => this.options.pollFloorMs(place),
        due: (history, floorMs) => this.due(place, history, floorMs),
        answered: (outcome, jobs) => this.answered(place, outcome, jobs),
        failed: error => {
          log.warn({ err: error, host: place.host }, 'the scheduler could not be asked');
        }
      });
      this.pollers.set(key, poller);
    }
    return poller;
  }

  private due(place: Place, history: PollHistory, floorMs: number): PollPlan {
    if (this.closed) {
      return { jobs: [], inMs: 0 };
    }
    const { scheduler } = place;
    const tasks = this.tasksAt(place)
      .filter(({ record }) => record.place?.scheduler === scheduler)
      .map(({ record, watch }) => polledTask(place, record, watch));
    const nowMs = this.options.clock.nowMs();
    return planPoll({ scheduler, nowMs, tasks, history, floorMs });
  }

  /** Whether the outcome says anything new. */
  private answered(place: Place, outcome: QueryOutcome, jobs: readonly JobRef[]): boolean {
    const { board, clock, log } = this.options;
    const nowMs = clock.nowMs();
    let isNews = false;
    if (outcome.kind === 'unanswered') {
      log.warn({ host: place.host, answer: outcome.message }, 'the scheduler gave no answer');
    }
    const answers = outcome.kind === 'answered' ? outcome.reports : [];
    const reports = new Map(answers.toReversed().map(report => [report.jobId, report]));
    for (const { key, jobId } of jobs) {
      const watch = this.watches.get(key);
      if (watch === undefined) {
        continue;
      }
      watch.polledAtMs = nowMs;
      if (outcome.kind === 'answered') {
        const report = reports.get(jobId) ?? 'absent';
        isNews ||= !isDeepStrictEqual(lasting(report), lasting(watch.report));
        watch.hear(report, nowMs);
        if (report !== 'absent' && report.node !== null) {
          board.patch(key, { node: report.node });
        }
        this.judge(key, watch);
      }
    }
    return isNews;
  }
}

/** An estimate that drifts is no news. */
const lasting = (report: Watch['report']): unknown =>
  typeof report === 'object' && report !== null ? { ...report, estimatedStart: null } : report;

function polledTask(place: Place, record: TaskRecord, watch: Watch): PolledTask {
  const { id, jobId, phase, cancelRequested } = record;
  const job = jobId === null ? null : { key: id, jobId, directory: runDirectory(place, id) };
  return {
    job,
    phase,
    stirredAtMs: watch.stirredAtMs,
    polledAtMs: watch.polledAtMs,
    isHeard: watch.started && watch.end === null,
    needsWord: watch.end?.status === 'terminated',
    isCanceling: cancelRequested
  };
}
