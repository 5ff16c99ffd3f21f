import { checkPython } from '../environments/check-python';
import { type HostFacts, probeHost } from '../environments/probe-host';
import type { Note } from '../../shared/wire/capture';
import type { SubmitRequest } from '../../shared/wire/submit';
import type { Phase } from '../../shared/phases';
import type { Place, TaskRecord } from '../store/task-record';
import { ScanMemory } from '../sync/scan-memory';
import { damagedPlaces } from '../sync/damaged-places';
import { Sender } from '../sync/sender';
import { sha256 } from '../sync/sha256';
import type { Parcel } from '../sync/shipment';
import type { Target } from '../targets/target';
import type { TargetBook } from '../targets/target-book';
import { buildSpec } from './build-spec';
import { findObstacles, undecidedError } from './check-request';
import { type Gathered, gather, notesOf } from './gather';
import { type FoundHandle, type Handle, findHandles, handlesOf, valueGone } from './handles-of';
import { Hosts } from './hosts';
import { MOST_PATHS, pathNotes } from './path-notes';
import { pythonOf } from './python-of';
import type { ITaskFiles } from './task-files';
import { buildLook, parseLook } from './target-question';

export type PreparerOptions = {
  /** A task of this service. */
  find: (task: string) => TaskRecord | undefined;
  files: ITaskFiles;
  hosts: Hosts;
  targets: TargetBook;
  worker: () => Promise<Parcel>;
  spool: string;
  nonce: string;
  serviceHost: string;
  freshWord: () => string;
  /** 32 random bytes as hex. */
  freshKey: () => string;
};

export type Prepared = {
  place: Place;
  spec: string;
  workerPlace: string;
  notes: Note[];
  /** What the spec tells the worker to seal its events with. */
  eventKey: string;
};

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

  /** What captures learned of files that have not changed since. */
  private readonly memory = new ScanMemory();

  private readonly sender: Sender;

  constructor(private readonly options: PreparerOptions) {
    // The nonce is a secret; what is made of it may lie on hosts.
    const tag = sha256(options.nonce).slice(0, 12);
    this.sender = new Sender({ tag, nowMs: () => performance.now() });
  }

  /** The target and resources of a request; errors: `target-unknown`, `config-invalid`. */
  async settle(request: SubmitRequest): Promise<Target> {
    return this.options.targets.find(request.target, request.projectDir);
  }

  /** Rejects before anything is sent where something forbids the run or is not decided. */
  async prepare(context: PrepareContext, target: Target): Promise<Prepared> {
    const { record, request, signal, progress } = context;
    const obstacle = findObstacles(request, { ...this.options, target })[0];
    if (obstacle !== undefined) {
      throw obstacle;
    }
    progress(`reaching ${target.host ?? target.name}`);
    const meant = await this.meant(request, target);
    const [place, gathered] = await Promise.all([
      this.reach(target, request, signal),
      this.gatherDecided(request, meant)
    ]);
    const { absolute } = gathered.captured;
    const worker = await this.options.worker();
    const transport = this.options.hosts.transport(place);
    const finding = { find: this.options.find, target: target.name, host: transport.host };
    const handles = handlesOf(request.capture, place, finding);
    const asked = absolute.slice(0, MOST_PATHS);
    const kept = handles.flatMap(({ files }) => files.map(({ path }) => path));
    const { said } = await this.sender.send({
      transport,
      root: place.root,
      target: target.name,
      parcels: [worker, ...gathered.parcels],
      nonce: this.options.freshWord(),
      alsoAsk: buildLook([...asked, ...kept]),
      signal,
      progress
    });
    const found = parseLook(said, [...asked, ...kept]);
    checkHandles(handles, found, request, transport.host);
    const { captured } = gathered;
    const {
      manifest,
      inherited,
      notes: missed
    } = this.options.files.prepare({
      ...{ record, request, target, meant, place },
      manifest: gathered.manifest
    });
    const eventKey = this.options.freshKey();
    const known = { record, request, target, place, manifest, inherited, handles, captured, meant };
    const spec = buildSpec({ ...known, eventKey }, gathered.script);
    const paths = pathNotes(absolute, found, target.name);
    const notes = [...notesOf(request, gathered), ...paths, ...missed];
    return { place, spec, workerPlace: worker.place, notes, eventKey };
  }

  /**
   * What its worker found damaged on the host is sent anew when it is needed again. A worker that
   * failed without a word may be damaged itself.
   */
  async noteEnd({ place, end }: TaskRecord, phase: Phase): Promise<void> {
    if (place === null) {
      return;
    }
    const transport = this.options.hosts.transport(place);
    const places = damagedPlaces(end);
    if (places.length > 0) {
      this.sender.noteDamaged(transport, place.root, places);
    }
    if (end === null && phase === 'failed') {
      const worker = await this.options.worker();
      this.sender.noteDoubted(transport, place.root, worker.place);
    }
  }

  get nonce(): string {
    return this.options.nonce;
  }

  /** What would travel, without asking or telling any host. */
  gather(request: SubmitRequest, target: Target): Promise<Gathered> {
    return gather(request, target, { spool: this.options.spool, memory: this.memory });
  }

  /** The values of former tasks that a cell uses in place; errors: `value-gone`. */
  handles({ capture }: SubmitRequest, target: Target): FoundHandle[] {
    const host = target.host ?? target.name;
    return findHandles(capture, { find: this.options.find, host });
  }

  /** The target that a rehearsal is for: what travels is what would travel there. */
  private async meant({ rehearsalOf, projectDir }: SubmitRequest, target: Target): Promise<Target> {
    return rehearsalOf === null ? target : this.options.targets.find(rehearsalOf, projectDir);
  }

  private async gatherDecided(request: SubmitRequest, target: Target): Promise<Gathered> {
    const gathered = await this.gather(request, target);
    const undecided = undecidedError(gathered.captured.undecided);
    // A rehearsal goes without what is not decided, and so says who asks for it.
    if (undecided !== null && !request.rehearsal) {
      throw undecided;
    }
    return gathered;
  }

  private async reach(target: Target, request: SubmitRequest, signal: AbortSignal): Promise<Place> {
    const kernel = request.capture?.python ?? null;
    const python = pythonOf(target, request);
    const { scheduler, host, sshConfig, setup } = target;
    const wanted = { root: target.root, python, setup };
    const key = JSON.stringify([Hosts.key({ host, sshConfig }), wanted]);
    const transport = this.options.hosts.transport({ host, sshConfig });
    const known = this.facts.get(key) ?? probeHost(transport, wanted, signal);
    this.facts.set(key, known);
    try {
      const facts = await known;
      checkPython({ facts, target: target.name, python, localVersion: kernel?.version ?? null });
      const { trust } = target;
      return { scheduler, host, sshConfig, root: facts.root, python, setup, trust };
    } catch (error) {
      // A host that could not be asked, or that lacked something, is asked anew next time.
      this.facts.delete(key);
      throw error;
    }
  }
}

/** Errors: `value-gone` for one whose run the cleaner took. */
function checkHandles(
  handles: readonly Handle[],
  found: ReadonlySet<string>,
  { capture }: SubmitRequest,
  host: string
): void {
  for (const { name, files } of handles) {
    const asked = capture?.handles.find(each => each.name === name);
    if (asked !== undefined && files.some(({ path }) => !found.has(path))) {
      throw valueGone(asked, host, 'its files were removed there');
    }
  }
}
