import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { WorkerLine } from '../../shared/wire/events';
import type { Connection } from '../../shared/wire/connection';
import type { JobRef, QueryOutcome } from '../schedulers/scheduler';
import type { EventStore } from '../store/event-store';
import type { Place, TaskRecord } from '../store/task-record';
import { runDirectory } from './build-job';
import type { IClock } from './clock';
import { parseEndRecord, parseExitRecord } from './end-record';
import { followIntervalMs } from './follow-interval';
import { Follower, type IFollowSink } from './follower';
import { Hosts } from './hosts';
import { Poller } from './poller';
import type { PollHistory } from './poll-history';
import { planPoll, type PolledTask, type PollPlan } from './poll-plan';
import { reasonOf } from './reason';
import { isStoreFull, noteIfRoom } from './store-full';
import type { TaskBoard } from './task-board';
import type { Verdict } from './verdict';
import { VerdictDesk } from './verdict-desk';
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

/** Follows accepted jobs: brings their lines into the store, and judges what is known of them. */
export class Watcher {
  private readonly watches = new Map<string, Watch>();
  private readonly followers = new Map<string, Follower>();
  private readonly pollers = new Map<string, Poller>();
  private readonly stops: (() => void)[] = [];
  private closed = false;
  private readonly desk: VerdictDesk;

  constructor(private readonly options: WatcherOptions) {
    this.desk = new VerdictDesk({
      ...options,
      ask: ({ place }) => {
        if (place !== null) {
          this.poller(place).stir();
        }
      },
      follow: record => {
        this.followRecord(record);
      }
    });
  }

  /** Begin, or begin again after a restart of the service. */
  watch(record: TaskRecord): void {
    const { place } = record;
    if (place === null || this.watches.has(record.id)) {
      return;
    }
    const { events, clock } = this.options;
    const watch = new Watch(clock.elapsedMs());
    watch.started = events.newest(record.id, record.attempt, 'started') !== null;
    this.watches.set(record.id, watch);
    this.followRecord(record);
    this.poller(place).stir();
    this.heedConnectionOf(place, record);
  }

  /** Follow the files of the task's attempt from where they were read to. */
  private followRecord(record: TaskRecord): void {
    const { place, id, attempt, eventKey: key } = record;
    if (place !== null) {
      const offset = this.options.events.offset(id, attempt);
      this.follower(place).follow(id, { run: runDirectory(place, id), attempt, offset, key });
    }
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
      watch.stirredAtMs = this.options.clock.elapsedMs();
      this.follower(record.place).hurry();
      this.poller(record.place).stir();
    }
  }

  /** The scheduler took a cancel: its end is near. */
  canceled(record: TaskRecord): void {
    const watch = this.watches.get(record.id);
    if (watch !== undefined) {
      watch.cancelTold = true;
    }
    this.stir(record);
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
    this.tasksAt(place).forEach(({ record }) => {
      this.heedConnectionOf(place, record);
    });
  }

  private heedConnectionOf(place: Place, record: TaskRecord): void {
    const { board, hosts, log } = this.options;
    const { connection, host } = hosts.transport(place);
    const isSaid = record.reason?.code === 'needs-login';
    if (needsPerson(connection) && !isSaid) {
      log.info({ task: record.id, host, why: connection.words }, 'waits for a login');
      const why = connection.words ?? 'a person is needed';
      const reason = reasonOf.needsLogin(host, record.target, why);
      noteIfRoom(log, () => board.patch(record.id, { reason }));
    } else if (isSaid && connection.state === 'connected') {
      noteIfRoom(log, () => board.patch(record.id, { reason: null }));
      this.stir(record);
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
    const nowMs = this.options.clock.elapsedMs();
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
      together: work => {
        board.together(work);
      },
      lines: (task, attempt, lines, offset) => {
        const { gaps } = board.append({ task, attempt, lines, offset });
        if (gaps.length > 0) {
          log.warn({ task, attempt, gaps }, 'numbers are missing among the lines of a worker');
        }
        const sealed = lines.filter(line => line.unverified !== true);
        if (sealed.length < lines.length && !board.get(task).hasUnverified) {
          log.warn({ task, attempt }, 'lines without a valid seal');
          board.patch(task, { hasUnverified: true });
        }
        this.learn(task, sealed);
      },
      end: (task, _attempt, text) => {
        this.watches.get(task)?.hearEnd(parseEndRecord(text), clock.elapsedMs());
      },
      exit: (task, _attempt, text) => {
        this.watches.get(task)?.hearExit(parseExitRecord(text), clock.elapsedMs());
      },
      unsealed: (task, attempt) => {
        log.warn({ task, attempt }, 'an end record without a valid seal');
        board.patch(task, { hasUnverified: true });
      },
      attempt: (task, attempt) => {
        this.desk.restart(task, this.watches.get(task), attempt);
      },
      pass: (task, grew) => {
        const watch = this.watches.get(task);
        if (watch !== undefined) {
          watch.pass(grew);
          this.desk.judge(task, watch);
        }
      },
      trouble: error => {
        if (error !== null) {
          log.warn({ err: error, host: place.host }, 'following the jobs is interrupted');
        }
        // A full disk here says nothing of the host.
        if (!isStoreFull(error)) {
          noteIfRoom(log, () => {
            this.heedTrouble(place, error);
          });
        }
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
    watch.speak(clock.elapsedMs());
    for (const line of lines) {
      if (line.type === 'started') {
        watch.started = true;
        watch.turnAtMs = clock.elapsedMs();
        // Here and not with the phase: a short task is over before it was ever seen running.
        const { startedAt: known, adoptedFrom } = board.get(task);
        // Of a task that was taken over, only the cluster's clock has seen it.
        const startedAt = known ?? (adoptedFrom === null ? clock.nowMs() : line.data.at * 1000);
        board.patch(task, { node: line.data.host, startedAt });
      }
    }
    const results = lines.flatMap(line => (line.type === 'variable' ? [line.data] : []));
    if (results.length > 0) {
      board.patch(task, { results: [...board.get(task).results, ...results] });
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
    const nowMs = this.options.clock.elapsedMs();
    return planPoll({ scheduler, nowMs, tasks, history, floorMs });
  }

  /** Whether the outcome says anything new. */
  private answered(place: Place, outcome: QueryOutcome, jobs: readonly JobRef[]): boolean {
    const { clock, log } = this.options;
    const nowMs = clock.elapsedMs();
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
        const report = reports.get(jobId);
        isNews ||= !isDeepStrictEqual(lasting(report ?? 'absent'), lasting(watch.report));
        this.desk.hear(key, watch, report, outcome);
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
    needsWord: watch.needsWord,
    isCanceling: cancelRequested
  };
}
