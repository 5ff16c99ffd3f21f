import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Logger } from 'pino';
import { warmUpCapture } from '../capture/python/warm-up';
import { Adopter } from './adoption/adopter';
import { buildApp } from './app';
import { Cleaner } from './cleaning/cleaner';
import { tidyAfterTasks } from './cleaning/tidy-after-tasks';
import { History } from './cleaning/history';
import { createDoctor } from './doctor/create-doctor';
import type { Doctor } from './doctor/doctor';
import { offeredAliases } from './doctor/offered-aliases';
import { createFilesHome } from './files/create-files-home';
import type { FilesHome } from './files/files-home';
import { listen } from './listen';
import { LoginDesk } from './logins/login-desk';
import { TargetNews } from './logins/target-news';
import { Rehearser } from './rehearsal/rehearser';
import { Leases } from './routes/leases';
import { Presence } from './routes/presence';
import type { TypedApp } from './routes/typed-app';
import { createProcessScheduler } from './schedulers/process-scheduler';
import { createSlurmScheduler } from './schedulers/slurm-scheduler';
import { isNetworkDisk } from './state/network-disk';
import { openLog } from './state/open-log';
import { configPath, openStateDirectory, type StateDirectory } from './state/state-directory';
import { watchBundle } from './state/watch-bundle';
import { takeLock } from './state/take-lock';
import { openDatabase } from './store/database';
import { EventStore } from './store/event-store';
import { FileStore } from './store/file-store';
import { TaskStore } from './store/task-store';
import { buildWorkerParcel } from './sync/worker-parcel';
import type { Parcel } from './sync/shipment';
import { Consents } from './targets/consents';
import { createControllerProbe } from './targets/controller-probe';
import { KnownLimits } from './targets/known-limits';
import { KnownTrust } from './targets/known-trust';
import { TargetBook } from './targets/target-book';
import { systemClock as clock } from './tasks/clock';
import { Hosts, type IHostFactory } from './tasks/hosts';
import { OutputFiles } from './tasks/output-files';
import { pollFloorMs } from './tasks/poll-floor';
import { Preparer } from './tasks/preparer';
import { ResultFetcher } from './tasks/result-fetcher';
import { Submitter } from './tasks/submitter';
import { SiteBook } from './tasks/site-book';
import { TaskArchive } from './tasks/task-archive';
import { TaskBoard } from './tasks/task-board';
import { TaskLog } from './tasks/task-log';
import { TaskService } from './tasks/task-service';
import { ValuesHome } from './tasks/values-home';
import { Watcher } from './tasks/watcher';
import type { ChannelSources } from './transports/channel-source-options';
import { createLocalTransport } from './transports/local-transport';
import { OpensshChannelSource } from './transports/openssh/openssh-channel-source';
import { Ssh2ChannelSource } from './transports/ssh2/ssh2-channel-source';
import { SharedSources } from './transports/shared-sources';
import { createSshTransport } from './transports/ssh-transport';

const WARM_UP_AFTER_MS = 300;

export type ServeOptions = {
  /** Directory of the installed Python package: worker and kernel helper. */
  packageDir: string;
  version: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** Other ways to hosts than the usual ones. */
  factory?: (logins: Logins, usual: IHostFactory) => IHostFactory;
};

/** Letters and digits that no one mistakes for another. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const ID_LENGTH = 14;

function freshWord(): string {
  const letters = [...randomBytes(ID_LENGTH)].map(byte => ALPHABET[byte % ALPHABET.length]);
  return letters.join('');
}

type Logins = { desk: LoginDesk; targetNews: TargetNews };

const SSH: ChannelSources = {
  ssh2: options => new Ssh2ChannelSource(options),
  openssh: options => new OpensshChannelSource(options)
};

const minutesToMs = (minutes: number | null): number | null =>
  minutes === null ? null : minutes * 60_000;

/** The concrete transports and schedulers. */
const createFactory = (
  { ownUmask }: StateDirectory,
  { desk }: Logins,
  { targets, sources, sites }: { targets: TargetBook; sources: SharedSources; sites: SiteBook }
): IHostFactory => ({
  transport: (host, sshConfig) =>
    host === null
      ? createLocalTransport({ umask: ownUmask })
      : createSshTransport({
          target: host,
          host,
          sshConfig: sshConfig ?? undefined,
          prompter: desk.prompter({ host, sshConfig }),
          wanted: () => targets.transportTo({ host, sshConfig }),
          keepMs: () => minutesToMs(sites.rules({ host, sshConfig }).maxConnectionMinutes),
          sources
        }),
  scheduler: name => (name === 'slurm' ? createSlurmScheduler() : createProcessScheduler())
});

/** The same, telling clients of each change of a connection, and reading what the site allows. */
function withNews(factory: IHostFactory, news: TargetNews, sites: SiteBook): IHostFactory {
  return {
    ...factory,
    transport: (host, sshConfig) => {
      const transport = factory.transport(host, sshConfig);
      // For as long as both live, which is as long as the service does.
      transport.onConnection(() => {
        news.tell();
      });
      sites.attend({ host, sshConfig }, transport);
      return transport;
    }
  };
}

function buildTargets(
  { environment }: ServeOptions,
  state: StateDirectory,
  { knownTrust, consents }: { knownTrust: KnownTrust; consents: Consents }
): TargetBook {
  return new TargetBook({
    sitePath: '/etc/sluice/config.toml',
    userPath: configPath(environment),
    hereRoot: join(state.path, 'here'),
    hasController: createControllerProbe(clock.elapsedMs),
    inAllocation: environment['SLURM_JOB_ID'] !== undefined,
    isAllowed: (path, sha256) => consents.isAllowed(path, sha256),
    trusted: place => knownTrust.find(place)
  });
}

type Parts = {
  database: DatabaseSync;
  tasks: TaskService;
  taskLog: TaskLog;
  outputs: OutputFiles;
  archive: TaskArchive;
  files: FilesHome;
  values: ValuesHome;
  cleaner: Cleaner;
  history: History;
  adopter: Adopter;
  doctor: Doctor;
  hosts: Hosts;
};

function buildTasks(
  options: ServeOptions,
  state: StateDirectory,
  shared: {
    targets: TargetBook;
    limits: KnownLimits;
    presence: Presence;
    log: Logger;
    logins: Logins;
  }
): Parts {
  const { targets, limits, presence, log, logins } = shared;
  const database = openDatabase({ path: state.storePath, networkDisk: isNetworkDisk(state.path) });
  const taskStore = new TaskStore(database);
  const events = new EventStore(database);
  const board = new TaskBoard(taskStore, events, clock.nowMs);
  const sources = new SharedSources(SSH);
  const sites = new SiteBook(log);
  const usual = createFactory(state, logins, { targets, sources, sites });
  const factory = options.factory?.(logins, usual) ?? usual;
  const hosts = new Hosts(withNews(factory, logins.targetNews, sites));
  let built: Promise<Parcel> | null = null;
  const worker = (): Promise<Parcel> => (built ??= buildWorkerParcel(options.packageDir));
  const umask = state.ownUmask;
  const store = new FileStore(database);
  const files = createFilesHome({ store, events, board, hosts, clock, log, umask });
  const preparer = new Preparer({
    find: task => board.find(task),
    files,
    hosts,
    targets,
    worker,
    spool: state.spool,
    nonce: state.nonce,
    serviceHost: hostname(),
    freshWord,
    freshKey: () => randomBytes(32).toString('hex')
  });
  const submitter = new Submitter({
    hosts,
    clock,
    retrying: (task, error) => {
      log.warn({ task, err: error }, 'handing over is tried again');
    }
  });
  const watcher = new Watcher({
    board,
    events,
    hosts,
    clock,
    log,
    hasViewer: task => presence.hasViewer(task),
    pollFloorMs: place => pollFloorMs(place, { sites, targets, log }),
    decide: (record, verdict) => {
      tasks.decide(record, verdict);
    }
  });
  const results = new ResultFetcher(hosts, state.resultsDir);
  const tasks = new TaskService({
    tasks: taskStore,
    events,
    board,
    hosts,
    preparer,
    submitter,
    watcher,
    results,
    files,
    clock,
    log,
    logPath: state.logPath,
    serviceHost: hostname(),
    newId: () => `sl-${freshWord()}`,
    allow: (address, target) => logins.desk.allow(address, target)
  });
  const taskLog = new TaskLog(events, hosts);
  const outputs = new OutputFiles(events, hosts, state.resultsDir);
  const cleaner = new Cleaner({
    hosts,
    targets,
    board,
    worker: async () => (await worker()).place,
    freshWord
  });
  tidyAfterTasks(board, cleaner, log);
  const { resultsDir } = state;
  const keepDays = (): number => targets.keepHistoryDays();
  const history = new History({ tasks: taskStore, board, clock, log, resultsDir, keepDays });
  const adopter = new Adopter({
    hosts,
    targets,
    log,
    isKnown: id => board.find(id) !== undefined,
    takeUp: ({ record, request, place, target, cwd }) => {
      tasks.adopt(record, request);
      files.takeUp({ record, place, target, cwd });
    }
  });
  const doctor = createDoctor({
    hosts,
    targets,
    submitter,
    clock,
    log,
    logPath: state.logPath,
    environment: options.environment,
    limits,
    newId: freshWord,
    allow: (address, target) => logins.desk.allow(address, target),
    told: () => {
      logins.targetNews.tell();
    }
  });
  return {
    database,
    tasks,
    taskLog,
    outputs,
    archive: new TaskArchive(hosts),
    files,
    values: new ValuesHome({ board, hosts, results, clock }),
    cleaner,
    history,
    adopter,
    doctor,
    hosts
  };
}

/** The snippet that front ends execute in a kernel to reach the kernel helper. */
async function readSnippet(packageDir: string): Promise<string> {
  const template = await readFile(join(packageDir, 'kernel', 'snippet.txt'), 'utf8');
  // A JSON string is also a Python string literal.
  return template.replaceAll('{package}', JSON.stringify(packageDir));
}

export type OpenService = {
  app: TypedApp;
  tasks: TaskService;
  presence: Presence;
  log: Logger;
  /** Stop all work and close what is open; jobs do not notice. */
  close: () => Promise<void>;
};

/** The whole service on a state directory, listening nowhere yet. */
export async function openService(
  options: ServeOptions,
  state: StateDirectory,
  leave: () => void
): Promise<OpenService> {
  const log = openLog(state.logPath);
  const presence = new Presence(clock.elapsedMs);
  const knownTrust = new KnownTrust(join(state.path, 'trust.json'));
  const consents = new Consents(join(state.path, 'consents.json'));
  const targets = buildTargets(options, state, { knownTrust, consents });
  const logins: Logins = {
    desk: new LoginDesk({ clock, newId: freshWord }),
    targetNews: new TargetNews()
  };
  const limits = new KnownLimits(join(state.path, 'limits.json'), clock.nowMs);
  const parts = buildTasks(options, state, { targets, limits, presence, log, logins });
  const { tasks, taskLog, outputs, archive, files, values, cleaner, adopter, doctor, hosts } =
    parts;
  const view = (task: string): (() => void) => presence.view(task);
  const rehearser = new Rehearser({ tasks, targets, clock, view });
  const app = await buildApp(
    {
      tasks,
      hosts,
      ...logins,
      rehearser,
      taskLog,
      outputs,
      archive,
      files,
      values,
      cleaner,
      adopter,
      doctor,
      targets,
      knownTrust,
      consents,
      limits,
      aliases: () => offeredAliases({ ...options.environment }, log),
      presence,
      leases: new Leases(clock.elapsedMs),
      version: options.version,
      configPath: configPath(options.environment),
      statePath: state.path,
      logPath: state.logPath,
      spool: state.spool,
      noncePath: state.noncePath,
      snippet: () => readSnippet(options.packageDir),
      isOutdated: watchBundle(join(options.packageDir, 'service', 'main.cjs')),
      leave
    },
    log
  );
  const stop = new AbortController();
  void parts.history.keep(stop.signal);
  const close = async (): Promise<void> => {
    stop.abort();
    tasks.close();
    outputs.close();
    await files.close();
    await doctor.close();
    await app.close();
    await hosts.close();
    parts.database.close();
  };
  return { app, tasks, presence, log, close };
}

/**
 * Serve until nobody needs the service any more. Prints `ready` once it listens, or `held` when
 * another process serves this state directory already.
 */
export async function serve(options: ServeOptions): Promise<void> {
  const state = openStateDirectory(options.environment);
  if (!takeLock(state.lockPath)) {
    process.stdout.write('held\n');
    return;
  }
  const service = await openService(options, state, () => {
    // After the answer to this very request.
    setImmediate(() => void leave());
  });
  // Whoever started it hears no stderr any more. The service ends all the same.
  process.on('uncaughtExceptionMonitor', error => {
    service.log.fatal({ err: error }, 'ended by a fault of its own');
  });
  const leave = async (): Promise<void> => {
    await service.close();
    service.log.info('left');
    process.exit(0);
  };
  await listen({ ...service, state, environment: options.environment, leave });
  const { version } = options;
  service.log.info({ version, pid: process.pid, socket: state.socketPath }, 'serving');
  process.stdout.write('ready\n');
  service.tasks.resume();
  // Once whoever started it has been answered.
  setTimeout(() => {
    warmUpCapture().catch((error: unknown) => {
      service.log.warn({ error }, 'the warm-up failed');
    });
  }, WARM_UP_AFTER_MS).unref();
}
