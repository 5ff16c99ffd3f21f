import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { down, readEnvironment, slurm, up } from '../../testbed/control';
import { makeScratch } from '../../testbed/__tests__/scratch';
import { isTerminal } from '../shared/phases';
import type { Resources } from '../shared/wire/resources';
import type { EventBatch } from '../shared/wire/service';
import type { Task } from '../shared/wire/task';
import { printed, ServiceStand } from './service-stand';

const quiet = (): void => undefined;

/** What a cell shows once it runs. */
export const BEGUN = 'on\n';

/** A cell that says that it runs, then does this. */
export const cellThat = (...lines: string[]): string =>
  ['print("on", flush=True)', ...lines].join('\n');

/** A cell that would never end by itself. */
export const endless = cellThat('import time', 'while True: time.sleep(0.05)');

export type TaskWishes = {
  resources?: Resources;
  target?: string;
  outputs?: string[];
  kind?: 'cell' | 'script';
};

/** A real Slurm with the service on it, where tasks come to their ends. */
export class EndsStand {
  private constructor(
    readonly bed: string,
    readonly service: ServiceStand,
    private readonly scratch: ReturnType<typeof makeScratch>
  ) {}

  /** `more` adds targets to the testbed's, made from its own target's lines. */
  static async open(
    knobs: Record<string, string> = {},
    nodeCount = 2,
    more: (lines: string, scratch: string) => string = () => ''
  ): Promise<EndsStand> {
    const scratch = makeScratch();
    const bed = join(scratch.dir, 'bed');
    await up({ dir: bed, nodeCount, knobs, report: quiet });
    const environment = await readEnvironment(bed);
    const config = readFileSync(environment['SLUICE_CONFIG'] ?? '', 'utf8');
    const [, lines = ''] = /\[targets\.testbed\]\n([^[]*)/.exec(config) ?? [];
    const text = `${config}\n${more(lines, scratch.dir)}`;
    return new EndsStand(bed, await ServiceStand.open(text, environment), scratch);
  }

  async submit(source: string, wishes: TaskWishes = {}): Promise<string> {
    const { resources = {}, target = null, outputs = null } = wishes;
    const payload =
      wishes.kind === 'script'
        ? { kind: 'script' as const, path: this.scriptOf(source), arguments: [] }
        : { kind: 'cell' as const, source, outputs };
    const request = this.service.cell(source, { resources, target, payload });
    return (await this.service.submit(request)).id;
  }

  private scriptOf(source: string): string {
    const path = join(this.scratch.dir, 'ends.py');
    writeFileSync(path, source);
    return path;
  }

  /** The task once this holds of it and of what it printed. */
  async until(id: string, isSo: (task: Task, text: string) => boolean): Promise<Task> {
    const all: EventBatch['events'] = [];
    for (let revision = -1; ;) {
      const url = `/api/events/${id}?after=${all.at(-1)?.index ?? 0}&waitMs=5000&known=${revision}`;
      const batch = (await this.service.app.inject({ url })).json<EventBatch>();
      all.push(...batch.events);
      revision = batch.revision;
      if (isSo(batch.task, printed({ events: all }))) {
        return batch.task;
      }
      if (isTerminal(batch.task.phase)) {
        throw new Error(`task ${id} ended before: ${JSON.stringify(batch.task.reason)}`);
      }
    }
  }

  /** Submitted, and its cell runs. */
  async begin(source: string, wishes: TaskWishes = {}): Promise<Task> {
    const id = await this.submit(source, wishes);
    return this.until(id, (_task, text) => text !== '');
  }

  end(id: string): Promise<EventBatch> {
    return this.service.follow(id);
  }

  /** Runs one of Slurm’s own commands; returns what it printed. */
  async slurm(command: string, ...args: string[]): Promise<string> {
    return slurm(this.bed, command, args);
  }

  async close(): Promise<void> {
    await this.service.close();
    await down(this.bed, { report: quiet, remove: true });
    this.scratch.remove();
  }
}

/** Slurm's own id of a task's job. */
export function jobOf({ jobId, id }: Task): string {
  if (jobId === null) {
    throw new Error(`task ${id} has no job yet`);
  }
  return jobId;
}
