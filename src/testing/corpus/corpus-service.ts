import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createProcessScheduler } from '../../service/schedulers/process-scheduler';
import { buildWorkerParcel } from '../../service/sync/worker-parcel';
import { TargetBook } from '../../service/targets/target-book';
import { findObstacles } from '../../service/tasks/check-request';
import { Hosts } from '../../service/tasks/hosts';
import { newTask } from '../../service/tasks/new-task';
import { buildPlan } from '../../service/tasks/plan';
import { Preparer } from '../../service/tasks/preparer';
import { noTaskFiles } from '../../service/tasks/task-files';
import { createLocalTransport } from '../../service/transports/local-transport';
import type { Plan } from '../../shared/wire/plan';
import { type PlanRequest, planRequestSchema } from '../../shared/wire/submit';
import type { SluiceError } from '../../shared/errors';
import type { CaptureKit } from './kernel-house';

const packageDir = resolve(__dirname, '../../../sluice');
const NONCE = '0123456789abcdef0123456789abcdef';

/** A bundle that lies on its target, ready to run. */
export type LaidOut = { worker: string; run: string };

/** The service's own preparing, on a disk of its own: all of a run but the scheduler. */
export class CorpusService {
  private tasks = 0;

  private constructor(
    readonly directory: string,
    readonly kit: Omit<CaptureKit, 'maxVariableBytes'>,
    private readonly preparer: Preparer,
    private readonly hosts: Hosts
  ) {}

  static open(): CorpusService {
    const directory = mkdtempSync(join(tmpdir(), 'sl-corpus-'));
    const spool = join(directory, 'spool');
    mkdirSync(join(spool, 'blobs'), { recursive: true });
    const noncePath = join(directory, 'nonce');
    writeFileSync(noncePath, NONCE);
    const template = readFileSync(join(packageDir, 'kernel', 'snippet.txt'), 'utf8');
    const snippet = template.replaceAll('{package}', JSON.stringify(packageDir));
    const hosts = new Hosts({
      transport: () => createLocalTransport(),
      scheduler: () => createProcessScheduler()
    });
    const targets = new TargetBook({
      sitePath: join(directory, 'site.toml'),
      userPath: join(directory, 'config.toml'),
      hereRoot: join(directory, 'root'),
      hasController: () => Promise.resolve(false),
      inAllocation: false
    });
    const worker = buildWorkerParcel(packageDir);
    const preparer = new Preparer({
      find: () => undefined,
      files: noTaskFiles,
      hosts,
      targets,
      worker: () => worker,
      spool,
      nonce: NONCE,
      serviceHost: hostname(),
      freshWord: () => `word${Math.random().toString(36).slice(2)}`,
      freshKey: () => '5e'.repeat(32)
    });
    const kit = { snippet, spool, noncePath };
    return new CorpusService(directory, kit, preparer, hosts);
  }

  /** What the magic's body asks for, checked as at the service's door. */
  read(body: unknown): PlanRequest {
    return planRequestSchema.parse(body);
  }

  /** All that forbids the run, before the disk is looked at. */
  async obstacles(request: PlanRequest): Promise<SluiceError[]> {
    const target = await this.preparer.settle(request);
    return findObstacles(request, { nonce: NONCE, serviceHost: hostname(), target });
  }

  async plan(request: PlanRequest): Promise<Plan> {
    return buildPlan({ ...request, brief: true }, this.preparer, this.hosts);
  }

  /** Bring everything to the target's root, as for a job. */
  async layOut(request: PlanRequest): Promise<LaidOut> {
    this.tasks += 1;
    const record = newTask(`sl-${this.tasks}`, request, 0);
    const context = {
      record,
      request,
      signal: new AbortController().signal,
      progress: () => undefined
    };
    const target = await this.preparer.settle(request);
    const { place, spec, workerPlace } = await this.preparer.prepare(context, target);
    const run = join(place.root, 'runs', record.id);
    mkdirSync(run, { recursive: true });
    writeFileSync(join(run, 'spec.json'), spec);
    return { worker: join(place.root, workerPlace), run };
  }

  async close(): Promise<void> {
    await this.hosts.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
