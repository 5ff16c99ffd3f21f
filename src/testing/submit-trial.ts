import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { submitSchema } from '../shared/wire/submit';
import type { Task } from '../shared/wire/task';
import { createSlurmScheduler } from '../service/schedulers/slurm-scheduler';
import { openDatabase } from '../service/store/database';
import { EventStore } from '../service/store/event-store';
import type { Place, TaskRecord } from '../service/store/task-record';
import { TaskStore } from '../service/store/task-store';
import { Hosts } from '../service/tasks/hosts';
import type { Preparer } from '../service/tasks/preparer';
import type { ResultFetcher } from '../service/tasks/result-fetcher';
import { Submitter } from '../service/tasks/submitter';
import { TaskBoard } from '../service/tasks/task-board';
import { noTaskFiles } from '../service/tasks/task-files';
import { TaskService } from '../service/tasks/task-service';
import type { Watcher } from '../service/tasks/watcher';
import { FakeSlurm } from './fake-slurm';
import { type Fault, FaultyHost } from './faulty-host';
import { SteppedClock } from './stepped-clock';

export type SubmitTrialOptions = {
  fault: Fault | null;
  /** What the fake `sbatch` does, and the words with which it fails. */
  says: string;
  words: string;
  /** Jobs that are over are known to accounting alone. */
  forgets: boolean;
};

const MOST_STEPS = 400;
const log = pino({ level: process.env['FAKE_LOG'] ?? 'silent' });

type Service = { tasks: TaskService; board: TaskBoard; kill: () => void };

/** One task on its way into a fake Slurm, with the real service side on a store on disk. */
export class SubmitTrial {
  readonly slurm: FakeSlurm;
  readonly host: FaultyHost;
  private readonly folder = mkdtempSync(join(tmpdir(), 'sl-trial-'));
  private service: Service;
  private clock = new SteppedClock(1_700_000_000_000);
  private names = 0;

  constructor(options: SubmitTrialOptions) {
    const { fault, says, words, forgets } = options;
    mkdirSync(join(this.folder, 'root'));
    this.slurm = new FakeSlurm(this.folder, forgets);
    this.host = new FaultyHost({
      environment: () => ({
        ...this.slurm.environment(this.clock.nowMs()),
        FAKE_SAY: says,
        FAKE_WORDS: words
      }),
      fault,
      killed: () => {
        this.restart();
      }
    });
    this.service = this.open();
  }

  get tasks(): TaskService {
    return this.service.tasks;
  }

  get all(): Task[] {
    const { tasks, board } = this.service;
    return this.ids.map(id => board.view(tasks.get(id)));
  }

  /** Ids of the tasks of this trial, as they were given. */
  get ids(): string[] {
    return Array.from({ length: this.names }, (_, i) => `sl-${i + 1}`);
  }

  submit(requestId = 'the-request'): Task {
    const request = submitSchema.parse({
      requestId,
      target: null,
      resources: {},
      payload: { kind: 'cell', source: '1', outputs: null },
      origin: null,
      projectDir: null,
      capture: null
    });
    return this.tasks.submit(request, false);
  }

  /** The service is gone in the middle of what it did, and another one opens its store. */
  restart(): void {
    this.service.kill();
    this.clock = new SteppedClock(this.clock.nowMs());
    this.service = this.open();
    this.service.tasks.resume();
  }

  /** Let things go on, time passing whenever all wait for it, until this is so; false: it never is. */
  async until(isSo: () => boolean, steps = MOST_STEPS): Promise<boolean> {
    for (let step = 0; step < steps; step += 1) {
      await this.idle();
      if (isSo()) {
        return true;
      }
      if (!this.clock.step()) {
        await this.idle();
        return isSo();
      }
    }
    return isSo();
  }

  /** Let so much time go by. */
  async pass(seconds: number): Promise<void> {
    const endMs = this.clock.nowMs() + seconds * 1000;
    await this.until(() => this.clock.nowMs() >= endMs);
  }

  async runQueue(): Promise<void> {
    await this.slurm.runQueue(this.clock.nowMs());
  }

  async close(): Promise<void> {
    this.host.thaw();
    await this.host.settled();
    this.service.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Until nothing is at work but what waits for time. */
  private async idle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet += 1) {
      await new Promise(resolve => setImmediate(resolve));
      if (this.host.inFlight > 0) {
        quiet = -1;
      }
    }
  }

  private open(): Service {
    const { clock } = this;
    const database = openDatabase({ path: join(this.folder, 'store.db'), networkDisk: false });
    const tasks = new TaskStore(database);
    const events = new EventStore(database);
    const board = new TaskBoard(tasks, events, clock.nowMs);
    const { transport, kill } = this.host.connect();
    const hosts = new Hosts({
      transport: () => transport,
      scheduler: () => createSlurmScheduler()
    });
    const submitter = new Submitter({ hosts, clock, retrying: () => undefined });
    const service = new TaskService({
      tasks,
      events,
      board,
      hosts,
      submitter,
      clock,
      log,
      preparer: this.preparer(),
      watcher: {
        watch: () => undefined,
        forget: () => undefined,
        stir: () => undefined,
        close: () => undefined
      } as unknown as Watcher,
      results: {} as unknown as ResultFetcher,
      files: noTaskFiles,
      logPath: 'service.log',
      serviceHost: 'laptop',
      newId: () => {
        this.names += 1;
        return `sl-${this.names}`;
      },
      allow: () => () => undefined
    });
    return {
      tasks: service,
      board,
      kill: () => {
        kill();
        clock.stop();
        database.close();
      }
    };
  }

  /** Nothing travels: the hand-over alone is tried. */
  private preparer(): Preparer {
    const place: Place = {
      scheduler: 'slurm',
      host: 'far',
      sshConfig: null,
      root: join(this.folder, 'root'),
      python: this.slurm.worker,
      setup: []
    };
    const target = { ...place, name: 'far', resources: {} };
    const prepared = { place, spec: '{}', workerPlace: 'worker/1', notes: [], eventKey: null };
    return {
      settle: () => Promise.resolve(target),
      prepare: () => Promise.resolve(prepared),
      noteEnd: (_: TaskRecord) => Promise.resolve()
    } as unknown as Preparer;
  }
}
