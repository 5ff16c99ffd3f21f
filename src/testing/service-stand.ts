import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openService, type OpenService, type ServeOptions } from '../service/main';
import { openStateDirectory } from '../service/state/state-directory';
import { isTerminal } from '../shared/phases';
import type { EventBatch } from '../shared/wire/service';
import type { SubmitInput } from '../shared/wire/submit';
import type { Task } from '../shared/wire/task';

const checkout = resolve(__dirname, '../..');
const LONGEST_WAIT_MS = 20_000;
const MOST_ROUNDS = 500;

/** The Python of the checkout's own environment. */
export const venvPython = join(checkout, '.venv/bin/python');

/** The whole service on a state directory of its own, asked without a socket. */
export class ServiceStand {
  private static openCount = 0;
  /** The service narrows its process’s umask, and here that is the test runner’s. */
  private static runnersUmask = 0;
  private requests = 0;

  private constructor(
    readonly directory: string,
    private service: OpenService,
    private readonly environment: Record<string, string | undefined>,
    private readonly factory: ServeOptions['factory']
  ) {}

  /** Open with this text as the person's configuration. */
  static async open(
    config: string,
    extra: Record<string, string> = {},
    factory?: ServeOptions['factory']
  ): Promise<ServiceStand> {
    const directory = mkdtempSync(join(tmpdir(), 'sl-'));
    const configFile = join(directory, 'config.toml');
    writeFileSync(configFile, config);
    const environment = {
      ...process.env,
      ...extra,
      SLUICE_STATE: join(directory, 'state'),
      SLUICE_CONFIG: configFile
    };
    if (ServiceStand.openCount === 0) {
      ServiceStand.runnersUmask = process.umask(0o077);
      process.umask(ServiceStand.runnersUmask);
    }
    ServiceStand.openCount += 1;
    const service = await ServiceStand.start(environment, factory);
    return new ServiceStand(directory, service, environment, factory);
  }

  private static async start(
    environment: Record<string, string | undefined>,
    factory: ServeOptions['factory']
  ): Promise<OpenService> {
    const state = openStateDirectory(environment);
    const options = { packageDir: join(checkout, 'sluice'), version: '0', environment, factory };
    const service = await openService(options, state, () => undefined);
    service.tasks.resume();
    return service;
  }

  /** What a front end reads of the service's nonce, to prove that it shares the disk. */
  get nonce(): string {
    return openStateDirectory(this.environment).nonce;
  }

  get app(): OpenService['app'] {
    return this.service.app;
  }

  /** As after a crash: closed; `restart` opens it on the same state. */
  async stop(): Promise<void> {
    await this.service.close();
  }

  async restart(): Promise<void> {
    this.service = await ServiceStand.start(this.environment, this.factory);
  }

  async close(): Promise<void> {
    await this.service.close();
    ServiceStand.openCount -= 1;
    if (ServiceStand.openCount === 0) {
      process.umask(ServiceStand.runnersUmask);
    }
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** A request for a cell that needs nothing of a kernel. */
  cell(source: string, change: Partial<SubmitInput> = {}): SubmitInput {
    this.requests += 1;
    return {
      requestId: `request-${this.requests}`,
      target: null,
      resources: {},
      payload: { kind: 'cell', source, outputs: null },
      origin: { notebookPath: 'n.ipynb', cellId: 'c1', kernelId: null },
      projectDir: null,
      capture: null,
      ...change
    };
  }

  async submit(request: SubmitInput): Promise<Task> {
    const answer = await this.app.inject({ method: 'POST', url: '/api/submit', payload: request });
    if (answer.statusCode !== 200) {
      throw new Error(`the submit was answered ${answer.statusCode}: ${answer.body}`);
    }
    return answer.json<Task>();
  }

  async cancel(id: string): Promise<void> {
    await this.app.inject({ method: 'POST', url: `/api/cancel/${id}` });
  }

  /** All events, up to the task's end or to what `enough` accepts. */
  async follow(
    id: string,
    enough: (batch: EventBatch) => boolean = ({ task }) => isTerminal(task.phase)
  ): Promise<EventBatch> {
    const all: EventBatch['events'] = [];
    // What is enough already is only asked whether there is more of it.
    let longestWaitMs = LONGEST_WAIT_MS;
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const after = all.at(-1)?.index ?? 0;
      const url = `/api/events/${id}?after=${after}&waitMs=${longestWaitMs}`;
      const batch = (await this.app.inject({ url })).json<EventBatch>();
      all.push(...batch.events);
      const whole = { ...batch, events: all };
      if (batch.events.length === 0 && enough(whole)) {
        return whole;
      }
      longestWaitMs = enough(whole) ? 0 : LONGEST_WAIT_MS;
    }
    throw new Error(`task ${id} never came to what was waited for`);
  }
}

/** What a task printed, both streams together. */
export function printed({ events }: Pick<EventBatch, 'events'>): string {
  return events.map(event => (event.type === 'stream' ? event.data.text : '')).join('');
}
