import { type CleanReport, type CleanRequest, cleanRequestSchema } from '../../shared/wire/clean';
import { SluiceError } from '../../shared/errors';
import { isTerminal } from '../../shared/phases';
import type { Place, TaskRecord } from '../store/task-record';
import type { Target } from '../targets/target';
import type { TargetBook } from '../targets/target-book';
import type { Hosts } from '../tasks/hosts';
import type { TaskBoard } from '../tasks/task-board';
import type { ITransport } from '../transports/transport';
import { decideClean, type RunKnowledge } from './decide-clean';
import { buildDailyGrant, buildInventory, parseInventory } from './inventory-script';
import { buildRemoval, parseRemoval } from './removal-script';

export type CleanerOptions = {
  hosts: Hosts;
  targets: TargetBook;
  board: Pick<TaskBoard, 'find' | 'view'>;
  /** `worker/…` of this version. */
  worker: () => Promise<string>;
  freshWord: () => string;
};

type RootAddress = Pick<Place, 'host' | 'sshConfig' | 'root'>;

const GRANT_TIMEOUT_MS = 30_000;
const LIST_TIMEOUT_MS = 300_000;
const REMOVE_TIMEOUT_MS = 900_000;
const DEFAULT_DAYS = 7;
const DEFAULT_BYTES = 5e9;
const DAY_SECONDS = 86_400;

const rootKey = ({ host, sshConfig, root }: RootAddress): string =>
  JSON.stringify([host, sshConfig, root]);

/** Takes away below a target's root what nobody needs any more. */
export class Cleaner {
  /** Two at once would each count what the other removes. */
  private readonly running = new Map<string, Promise<unknown>>();

  private readonly tidied = new Set<string>();

  constructor(private readonly options: CleanerOptions) {}

  /**
   * Look, decide, and (unless it is a dry run) remove.
   *
   * Errors: `target-unknown`, `config-invalid`, `remote-command-failed`, and those of the transport.
   */
  async clean(name: string, request: CleanRequest): Promise<CleanReport> {
    const target = await this.options.targets.find(name, request.projectDir);
    const key = rootKey(target);
    const before = this.running.get(key) ?? Promise.resolve();
    const work = before.catch(() => undefined).then(() => this.cleanAlone(target, request));
    this.running.set(key, work);
    try {
      return await work;
    } finally {
      if (this.running.get(key) === work) {
        this.running.delete(key);
      }
    }
  }

  /**
   * After a task's end: once a day for each root, remove what is old there. What needs a person's word
   * stays.
   *
   * Errors: as those of `clean`; null when it is not yet time.
   */
  async tidy(record: TaskRecord): Promise<CleanReport | null> {
    const { place, target } = record;
    if (place === null || this.tidied.has(rootKey(place))) {
      return null;
    }
    // The host is asked once in the life of a service; its own stamp says the rest.
    this.tidied.add(rootKey(place));
    const transport = this.options.hosts.transport(place);
    const action = 'see whether it is time to clean';
    const how = { action, timeoutMs: GRANT_TIMEOUT_MS };
    const granted = await transport.run(buildDailyGrant(place.root), how);
    return granted.stdout.toString().trim() === 'granted'
      ? this.clean(target, cleanRequestSchema.parse({}))
      : null;
  }

  private async cleanAlone(target: Target, request: CleanRequest): Promise<CleanReport> {
    const transport = this.options.hosts.transport(target);
    const script = buildInventory(target.root, target.scheduler);
    const action = 'look at what lies there';
    const listed = await transport.run(script, { action, timeoutMs: LIST_TIMEOUT_MS });
    must(transport, action, listed);
    const inventory = parseInventory(listed.stdout.toString());
    const { olderThanDays, maxBytes, evenTasks, dryRun } = request;
    const decision = decideClean({
      inventory,
      limits: {
        olderThanSeconds: (olderThanDays ?? target.keepDays ?? DEFAULT_DAYS) * DAY_SECONDS,
        maxBytes: maxBytes ?? target.keepBytes ?? DEFAULT_BYTES
      },
      knows: run => this.knowledgeOf(run),
      evenRuns: new Set(evenTasks),
      worker: await this.options.worker()
    });
    const report = { root: inventory.root || target.root, dryRun, ...decision };
    const places = decision.removed.map(({ place }) => place);
    return dryRun || places.length === 0 ? report : this.remove(transport, report, places);
  }

  private async remove(
    transport: ITransport,
    report: CleanReport,
    places: string[]
  ): Promise<CleanReport> {
    const action = 'remove what is old';
    const script = buildRemoval(report.root, places, this.options.freshWord());
    const result = await transport.run(script, { action, timeoutMs: REMOVE_TIMEOUT_MS });
    must(transport, action, result);
    const gone = new Set(parseRemoval(result.stdout.toString()));
    return { ...report, removed: report.removed.filter(({ place }) => gone.has(place)) };
  }

  private knowledgeOf(run: string): RunKnowledge {
    const record = this.options.board.find(run);
    if (record === undefined) {
      return null;
    }
    const { files } = this.options.board.view(record);
    return {
      isLive: !isTerminal(record.phase),
      isPinned: files?.pinned ?? false,
      // A name of a kernel may still stand for it.
      keepsValues: record.variables.some(({ kept }) => kept === 'large')
    };
  }
}

function must(
  transport: ITransport,
  action: string,
  { status, stderr }: { status: number; stderr: string }
): void {
  if (status !== 0) {
    const details = { action, host: transport.host, status, stderr: stderr.trim() };
    throw new SluiceError('remote-command-failed', details);
  }
}
