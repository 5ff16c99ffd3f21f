import { checkPython } from '../environments/check-python';
import { type HostFacts, probeHost } from '../environments/probe-host';
import type { SubmitRequest } from '../../shared/wire/submit';
import type { Place, TaskRecord } from '../store/task-record';
import { send } from '../sync/send';
import type { Parcel } from '../sync/shipment';
import type { Target } from '../targets/target';
import type { TargetBook } from '../targets/target-book';
import { buildSpec } from './build-spec';
import { findObstacles } from './check-request';
import { type Gathered, gather } from './gather';
import { Hosts } from './hosts';

export type PreparerOptions = {
  hosts: Hosts;
  targets: TargetBook;
  worker: () => Promise<Parcel>;
  spool: string;
  nonce: string;
  serviceHost: string;
  freshWord: () => string;
};

export type Prepared = { place: Place; spec: string; workerPlace: string };

export type PrepareContext = {
  record: TaskRecord;
  request: SubmitRequest;
  signal: AbortSignal;
  progress: (words: string) => void;
};

/** Takes a task from its request to a host that holds all that the job needs. */
export class Preparer {
  /** What hosts said of themselves, for as long as the service lives. */
  private readonly facts = new Map<string, Promise<HostFacts>>();

  constructor(private readonly options: PreparerOptions) {}

  /** The target and resources of a request; errors: `target-unknown`, `config-invalid`. */
  async settle(request: SubmitRequest): Promise<Target> {
    return this.options.targets.find(request.target, request.projectDir);
  }

  async prepare(context: PrepareContext, target: Target): Promise<Prepared> {
    const { record, request, signal, progress } = context;
    const obstacle = findObstacles(request, { ...this.options, target })[0];
    if (obstacle !== undefined) {
      throw obstacle;
    }
    progress(`reaching ${target.host ?? target.name}`);
    const [place, gathered] = await Promise.all([
      this.reach(target, request, signal),
      gather(request, this.options.spool)
    ]);
    const worker = await this.options.worker();
    const transport = this.options.hosts.transport(place);
    await send({
      transport,
      root: place.root,
      parcels: [worker, ...gathered.parcels],
      nonce: this.options.freshWord(),
      signal,
      progress
    });
    const { manifest } = gathered;
    const spec = buildSpec({ record, request, target, place, manifest }, gathered.script);
    return { place, spec, workerPlace: worker.place };
  }

  get nonce(): string {
    return this.options.nonce;
  }

  /** What would travel, without asking or telling any host. */
  gather(request: SubmitRequest): Promise<Gathered> {
    return gather(request, this.options.spool);
  }

  private async reach(target: Target, request: SubmitRequest, signal: AbortSignal): Promise<Place> {
    const kernel = request.capture?.python ?? null;
    const python = target.python ?? (target.host === null ? kernel?.executable : null) ?? 'python3';
    const { scheduler, host, sshConfig, setup } = target;
    const wanted = { root: target.root, python, setup };
    const key = JSON.stringify([Hosts.key({ host, sshConfig }), wanted]);
    const transport = this.options.hosts.transport({ host, sshConfig });
    const known = this.facts.get(key) ?? probeHost(transport, wanted, signal);
    this.facts.set(key, known);
    try {
      const facts = await known;
      checkPython({ facts, target: target.name, python, localVersion: kernel?.version ?? null });
      return { scheduler, host, sshConfig, root: facts.root, python, setup };
    } catch (error) {
      // A host that could not be asked, or that lacked something, is asked anew next time.
      this.facts.delete(key);
      throw error;
    }
  }
}
