import { Readable } from 'node:stream';
import { SluiceError } from '../../shared/errors';
import { sizeWords } from '../../shared/size-words';
import { untilAborted } from '../transports/deadline';
import type { ITransport, RunResult } from '../transports/transport';
import { buildAsk, buildEnter, type Findings, parseAsk, type Question } from './ask-script';
import {
  ALONE_BYTES,
  arrived,
  type Consignment,
  consignmentOf,
  type LoneFile,
  partOf,
  sharedEntries
} from './consignment';
import { HostMemory } from './host-memory';
import { inlineBytes } from './inline-tar';
import { type ArrivedPart, buildAppend, buildReceive } from './receive-script';
import type { Parcel, Tree } from './shipment';
import { checkedBytes, tarBytesOf, tarStreamOf } from './tar-stream-of';
import { TransferProgress } from './transfer-progress';
import { changeOf, nearestTree, parseManifest, type TreeChange } from './tree-change';
import { isFull, roomProblem } from './room';

export type SendOptions = {
  transport: ITransport;
  /** Absolute on the host. */
  root: string;
  parcels: readonly Parcel[];
  /** A fresh word for the directory of this upload. */
  nonce: string;
  /** Name of the target, for messages. */
  target: string;
  /** Text of sh that asks something else of the host in the same breath. */
  alsoAsk?: string;
  signal: AbortSignal;
  progress: (words: string) => void;
};

export type Sent = {
  files: number;
  bytes: number;
  /** What the host wrote to the question, that of `alsoAsk` within it. */
  said: string;
};

const ASK_TIMEOUT_MS = 60_000;
const DISCARD_TIMEOUT_MS = 15_000;
/** A floor, and a rate below which a link counts as dead. */
const SEND_TIMEOUT_MS = 120_000;
const SLOWEST_BYTES_PER_MS = 20;
/** What a question may carry along. */
const MOST_INLINE_BYTES = 256 * 1024;
/** Less than this is sent without a look at the disk, or for something to begin from. */
const ROOM_ASKED_BYTES = 100 * 10 ** 6;
const BASE_ASKED_BYTES = 64 * 1024;
const MOST_BASES = 4;
const TRIES = 3;
/** How many connections one sending may use up. */
const CONNECTIONS = 3;

/** A snapshot that needs few bytes, ready to be made by the question itself. */
type Inline = { script: string; files: number; bytes: number; base: string };

type Look = { findings: Findings; said: string; missing: Parcel[] };

/** Statuses of the receiving script. */
const [BAD_BASE, BAD_PART] = [3, 5];

/** Brings what tasks need to hosts, and nothing twice. */
export class Sender {
  private readonly memories = new WeakMap<ITransport, Map<string, HostMemory>>();

  constructor(
    private readonly options: {
      /** The same for each life of this service: parts of large files are named by it. */
      tag: string;
      nowMs: () => number;
    }
  ) {}

  /**
   * Bring every parcel that the host lacks there; what is there is not sent again, nor what a
   * snapshot shares with one that is there.
   *
   * Errors: `upload-failed`, `disk-full`, `file-changed`, and those of the transport. Nothing is
   * published in part; a large file goes on where it was cut when the same is sent again.
   */
  async send(options: SendOptions): Promise<Sent> {
    const { transport, root, parcels, alsoAsk = '', signal } = options;
    const memory = this.memory(transport, root);
    const claimed = await claim(memory, parcels, signal);
    try {
      if (claimed.length === 0 && alsoAsk === '') {
        return { files: 0, bytes: 0, said: '' };
      }
      return await this.bring(options, memory, claimed);
    } finally {
      memory.release(claimed.flatMap(placesOf));
    }
  }

  /** A connection that is lost is opened again, and what had arrived stays. */
  private async bring(
    options: SendOptions,
    memory: HostMemory,
    parcels: readonly Parcel[]
  ): Promise<Sent> {
    for (let attempt = 1; ; attempt += 1) {
      const nonce = `${options.nonce}-${attempt}`;
      try {
        return await new Shipping({ ...options, nonce }, memory, this.options).bring(parcels);
      } catch (error) {
        const isLost = error instanceof SluiceError && error.code === 'connection-lost';
        if (!isLost || attempt === CONNECTIONS || options.signal.aborted) {
          throw error;
        }
        options.progress('the connection was lost; sending goes on');
      }
    }
  }

  /** Somebody found these to be other than they were sent: they are sent anew. */
  noteDamaged(transport: ITransport, root: string, places: readonly string[]): void {
    const memory = this.memory(transport, root);
    places.forEach(place => memory.noteDamaged(place));
  }

  private memory(transport: ITransport, root: string): HostMemory {
    const roots = this.memories.get(transport) ?? new Map<string, HostMemory>();
    this.memories.set(transport, roots);
    const memory = roots.get(root) ?? new HostMemory(this.options.nowMs);
    roots.set(root, memory);
    return memory;
  }
}

/** Those of which nothing is known, once no other task is about to bring them. */
async function claim(
  memory: HostMemory,
  parcels: readonly Parcel[],
  signal: AbortSignal
): Promise<Parcel[]> {
  for (;;) {
    const unknown = parcels.filter(({ place }) => !memory.isThere(place));
    const others = memory.claim([...new Set(unknown.flatMap(placesOf))]);
    if (others === null) {
      return unknown;
    }
    await untilAborted(others, signal);
  }
}

/** One task's sending. */
class Shipping {
  private uploads = 0;
  /** Damaged ones, which give way to what is sent. */
  private readonly replaced = new Set<string>();

  constructor(
    private readonly options: SendOptions,
    private readonly memory: HostMemory,
    private readonly service: { tag: string; nowMs: () => number }
  ) {}

  async bring(parcels: readonly Parcel[]): Promise<Sent> {
    const inline = await this.inline(parcels);
    const look = await this.look(parcels, inline);
    const { missing, said } = look;
    const isMade = inline !== null && /^applied$/m.test(said);
    if (inline !== null && !isMade && missing.some(({ tree }) => tree !== undefined)) {
      this.memory.forget(`snapshots/${inline.base}`);
    }
    const sent = isMade ? { files: inline.files, bytes: inline.bytes } : { files: 0, bytes: 0 };
    if (missing.length === 0) {
      return { ...sent, said };
    }
    const more = await this.deliver(look);
    return { files: sent.files + more.files, bytes: sent.bytes + more.bytes, said };
  }

  /** What changes a snapshot that is there into the one that is wanted, where that is little. */
  private async inline(parcels: readonly Parcel[]): Promise<Inline | null> {
    const snapshot = parcels.find(({ tree }) => tree !== undefined);
    const change =
      snapshot?.tree === undefined ? null : this.changeOf(snapshot.place, snapshot.tree);
    const isKnown = this.memory.known.some(({ hash }) => snapshot?.place === `snapshots/${hash}`);
    if (snapshot === undefined || change === null || isKnown || !isSmall(change)) {
      return null;
    }
    const findings = parseAsk('');
    const { tag } = this.service;
    const consignment = await consignmentOf({ missing: [snapshot], change, findings, tag });
    const unpack = inlineBytes(await tarBytesOf(consignment.files));
    if (unpack === null) {
      return null;
    }
    const receive = this.receive(consignment, [], unpack);
    const from = `snapshots/${change.base.hash}`;
    const script = [
      `if [ ! -e ${snapshot.place} ] && [ -e ${from}/manifest.json ]; then`,
      `( ${receive}\n) >&2 && echo applied`,
      'fi'
    ].join('\n');
    const { files, bytes } = consignment;
    return { script, files: files.length, bytes, base: change.base.hash };
  }

  /** From the nearest tree that lies there; null: there is none, or it must be sent whole. */
  private changeOf(place: string, tree: Tree): TreeChange | null {
    if (this.memory.isDamaged(place)) {
      return null;
    }
    const others = this.memory.known.filter(({ hash }) => place !== `snapshots/${hash}`);
    const base = nearestTree(others, tree.entries);
    return base === null ? null : changeOf(base, tree);
  }

  /** One question for all of it. */
  private async look(parcels: readonly Parcel[], inline: Inline | null): Promise<Look> {
    const { transport, root, alsoAsk = '', signal } = this.options;
    const question = this.questionOf(parcels);
    // The exit status is that of the first part alone.
    const parts = [buildEnter(root), inline?.script ?? '', buildAsk(question), alsoAsk, 'true'];
    const script = (parcels.length === 0 ? parts.slice(3) : parts).join('\n');
    const action = 'ask what is there already';
    const result = await transport.run(script, { action, timeoutMs: ASK_TIMEOUT_MS, signal });
    if (result.status !== 0) {
      throw this.refusal(result, 0);
    }
    const said = result.stdout.toString();
    const findings = parseAsk(said);
    const missing = parcels.filter(parcel => !this.isThere(parcel, findings));
    const there = parcels.filter(parcel => !missing.includes(parcel));
    there.forEach(({ place, tree }) => this.memory.noteThere(place, tree));
    return { findings, said, missing };
  }

  private questionOf(parcels: readonly Parcel[]): Question {
    const { memory } = this;
    const { tag } = this.service;
    const files = parcels
      .flatMap(blobsOf)
      .flatMap(({ sha256, bytes }) => [
        `blobs/${sha256}`,
        ...(bytes < ALONE_BYTES ? [] : [partOf(sha256, tag)])
      ]);
    const trees = parcels.filter(({ tree }) => tree !== undefined);
    const bytes = parcels.reduce((sum, parcel) => sum + bytesOf(parcel), 0);
    return {
      root: this.options.root,
      places: parcels.filter(({ blob }) => blob === undefined).map(({ place }) => place),
      files: [...new Set(files)],
      weighed: trees.map(({ place }) => place).filter(place => memory.needsWeighing(place)),
      wantsRoom: bytes > ROOM_ASKED_BYTES,
      wantsSnapshots:
        memory.known.length === 0 && trees.some(tree => bytesOf(tree) > BASE_ASKED_BYTES)
    };
  }

  /** There, and as long as it was sent. */
  private isThere({ place, tree, blob }: Parcel, { missing, sizes, weights }: Findings): boolean {
    if (blob !== undefined) {
      return sizes.get(place) === blob.bytes && !this.memory.isDamaged(place);
    }
    if (missing.has(place)) {
      return false;
    }
    const weight = weights.get(place);
    const isWhole = weight === undefined || tree === undefined || isWeightOf(tree, weight);
    if (isWhole && !this.memory.isDamaged(place)) {
      return true;
    }
    this.replaced.add(place);
    return false;
  }

  private async deliver({ missing, findings }: Look): Promise<{ files: number; bytes: number }> {
    const snapshot = missing.find(({ tree }) => tree !== undefined);
    if (snapshot !== undefined && findings.snapshots.length > 0) {
      await this.learn(findings.snapshots);
    }
    for (let attempt = 1; ; attempt += 1) {
      const tree = snapshot?.tree;
      const change =
        snapshot === undefined || tree === undefined || this.replaced.has(snapshot.place)
          ? null
          : this.changeOf(snapshot.place, tree);
      const { tag } = this.service;
      const now = attempt === 1 ? findings : await this.lookAgain(missing);
      const consignment = await consignmentOf({ missing, change, findings: now, tag });
      const status = await this.ship(consignment, findings.roomBytes, attempt === TRIES);
      if (status === 0) {
        missing.forEach(parcel => this.memory.noteThere(parcel.place, parcel.tree));
        const { files, lone, bytes } = consignment;
        return { files: files.length + lone.length, bytes };
      }
      if (status === BAD_BASE && change !== null) {
        this.memory.forget(`snapshots/${change.base.hash}`);
      }
    }
  }

  /** What is there of large files by now. */
  private async lookAgain(missing: readonly Parcel[]): Promise<Findings> {
    const { transport, root, signal } = this.options;
    const question = { ...this.questionOf(missing), weighed: [], wantsSnapshots: false };
    const script = [buildEnter(root), buildAsk(question), 'true'].join('\n');
    const action = 'ask what is there by now';
    const result = await transport.run(script, { action, timeoutMs: ASK_TIMEOUT_MS, signal });
    return parseAsk(result.stdout.toString());
  }

  /** The manifests of snapshots that earlier services sent. */
  private async learn(hashes: readonly string[]): Promise<void> {
    const { transport, root, signal } = this.options;
    const script = [
      buildEnter(root),
      ...hashes
        .slice(0, MOST_BASES)
        .map(hash => `echo 'tree ${hash}'; cat snapshots/${hash}/manifest.json 2>/dev/null`),
      'true'
    ].join('\n');
    const action = 'ask what can be begun from';
    const result = await transport.run(script, { action, timeoutMs: ASK_TIMEOUT_MS, signal });
    for (const text of result.stdout
      .toString()
      .split(/^tree /m)
      .slice(1)
      .reverse()) {
      const end = text.indexOf('\n');
      const tree = parseManifest(text.slice(0, end), text.slice(end + 1));
      if (tree !== null) {
        this.memory.noteTree(tree);
      }
    }
  }

  /** Status 0: all is published. Another one: worth another try. */
  private async ship(
    consignment: Consignment,
    roomBytes: number | null,
    isLast: boolean
  ): Promise<number> {
    const { lone, files, bytes } = consignment;
    const { progress, transport, target, root } = this.options;
    const there = lone.reduce((sum, { offset }) => sum + offset, 0);
    const problem = roomProblem(bytes - there, roomBytes);
    if (problem !== null) {
      const details = { host: transport.host, target, root, bytes: sizeWords(bytes), problem };
      throw new SluiceError('disk-full', details);
    }
    progress(`sending ${files.length + lone.length} files, ${sizeWords(bytes)}`);
    const meter = new TransferProgress({
      verb: 'sending',
      totalBytes: bytes,
      doneBytes: there,
      tell: progress,
      nowMs: this.service.nowMs
    });
    const parts: ArrivedPart[] = [];
    for (const file of lone) {
      parts.push(await this.upload(file, meter));
    }
    const result = await this.unload(consignment, parts, meter);
    const isBadBase = result.status === BAD_BASE && consignment.delivery.base !== null;
    const isWorthMore = isBadBase || result.status === BAD_PART;
    if (result.status !== 0 && (isLast || !isWorthMore)) {
      throw this.refusal(result, bytes);
    }
    return result.status;
  }

  /** Bring the rest of a large file beside its place; one that changed meanwhile is taken again once. */
  private async upload(file: LoneFile, meter: TransferProgress): Promise<ArrivedPart> {
    try {
      return await this.append(file, meter);
    } catch (error) {
      if (error instanceof SluiceError && error.code === 'file-changed') {
        return this.append({ ...file, offset: 0 }, meter);
      }
      throw error;
    }
  }

  private async append(file: LoneFile, meter: TransferProgress): Promise<ArrivedPart> {
    const { transport, root, signal } = this.options;
    const { path, part, bytes, offset } = file;
    if (offset < bytes) {
      const data = metered(checkedBytes(path, file, offset), meter);
      const timeoutMs = SEND_TIMEOUT_MS + (bytes - offset) / SLOWEST_BYTES_PER_MS;
      const script = buildAppend(root, part, offset);
      const result = await transport.run(script, {
        action: 'send a file',
        timeoutMs,
        data,
        signal
      });
      if (result.status !== 0) {
        throw this.refusal(result, bytes);
      }
    }
    return arrived(file);
  }

  /** Send the small files in one stream, and have everything published. */
  private async unload(
    consignment: Consignment,
    parts: ArrivedPart[],
    meter: TransferProgress
  ): Promise<RunResult> {
    const { transport, signal } = this.options;
    const { files } = consignment;
    const action = 'send files';
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const timeoutMs = SEND_TIMEOUT_MS + bytes / SLOWEST_BYTES_PER_MS;
    const packed = bytes > MOST_INLINE_BYTES / 4 ? null : inlineBytes(await tarBytesOf(files));
    const script = this.receive(consignment, parts, packed ?? '');
    try {
      const data = packed === null ? { data: metered(tarStreamOf(files), meter) } : {};
      return await transport.run(script, { action, timeoutMs, signal, ...data });
    } catch (error) {
      await this.discard();
      throw error;
    }
  }

  private receive(consignment: Consignment, parts: ArrivedPart[], unpack: string): string {
    const { root } = this.options;
    this.uploads += 1;
    const delivery = { ...consignment.delivery, root, parts, nonce: this.word() };
    return buildReceive({ ...delivery, replaced: [...this.replaced] }, unpack);
  }

  private word(): string {
    return `${this.options.nonce}-${this.uploads}`;
  }

  /** What was ended from here cannot tidy up behind itself; where that fails, the cleaner will. */
  private async discard(): Promise<void> {
    const { transport, root, signal } = this.options;
    if (signal.aborted && transport.connection.state === 'connected') {
      const script = `${buildEnter(root)}\nrm -rf incoming/${this.word()}`;
      const how = { action: 'discard', timeoutMs: DISCARD_TIMEOUT_MS };
      await transport.run(script, how).catch(() => undefined);
    }
  }

  private refusal({ status, stderr }: RunResult, bytes: number): SluiceError {
    const { transport, root, target } = this.options;
    const problem = stderr.trim().slice(0, 2000) || `exit status ${status}`;
    const details = { host: transport.host, root, problem };
    return isFull(stderr)
      ? new SluiceError('disk-full', { ...details, target, bytes: sizeWords(bytes) })
      : new SluiceError('upload-failed', details);
  }
}

/** What of a parcel lies below `blobs/` on the host. */
function blobsOf({ blob, tree }: Parcel): { sha256: string; bytes: number }[] {
  return blob === undefined ? sharedEntries(tree?.entries ?? []) : [blob];
}

/** All places that sending a parcel may bring. */
function placesOf(parcel: Parcel): string[] {
  return [parcel.place, ...blobsOf(parcel).map(({ sha256 }) => `blobs/${sha256}`)];
}

function bytesOf({ tree, blob }: Parcel): number {
  return blob?.bytes ?? tree?.entries.reduce((sum, { bytes }) => sum + bytes, 0) ?? 0;
}

function isSmall({ changed, edits }: TreeChange): boolean {
  const bytes = changed.reduce((sum, entry) => sum + entry.bytes + 1024, edits.join('\n').length);
  return bytes <= MOST_INLINE_BYTES;
}

function isWeightOf(tree: Tree, weight: { files: number; bytes: number }): boolean {
  const bytes = tree.entries.reduce((sum, entry) => sum + entry.bytes, tree.manifest.length);
  return weight.files === tree.entries.length + 1 && weight.bytes === bytes;
}

/** The same bytes, told to whoever looks on. */
function metered(stream: Readable, meter: TransferProgress): Readable {
  async function* passing(): AsyncGenerator<Buffer> {
    for await (const chunk of stream) {
      meter.add((chunk as Buffer).length);
      yield chunk as Buffer;
    }
  }
  return Readable.from(passing(), { objectMode: false });
}
