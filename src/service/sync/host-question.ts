import { buildAsk, buildEnter, type Findings, parseAsk, type Question } from './ask-script';
import { ALONE_BYTES, partOf } from './consignment';
import { blobsOf, bytesOf, isWeightOf } from './parcel-contents';
import type { Sending } from './send-options';
import { sendRefusal } from './send-refusal';
import type { Parcel } from './shipment';
import { parseManifest } from './tree-change';

const ASK_TIMEOUT_MS = 60_000;
/** Less than this is sent without a look at the disk, or for something to begin from. */
const ROOM_ASKED_BYTES = 100 * 10 ** 6;
const BASE_ASKED_BYTES = 64 * 1024;
const MOST_BASES = 4;

/** What a host has, and what it said. */
export type Look = { findings: Findings; said: string; missing: Parcel[] };

/** One question for all parcels; `first` is text that comes before it. */
export async function askHost(
  sending: Sending,
  parcels: readonly Parcel[],
  first: string
): Promise<Look> {
  const { transport, root, alsoAsk = '', signal, memory } = sending;
  // The exit status is that of the first part alone.
  const parts = [buildEnter(root), first, buildAsk(questionOf(sending, parcels)), alsoAsk, 'true'];
  const script = (parcels.length === 0 ? parts.slice(3) : parts).join('\n');
  const action = 'ask what is there already';
  const result = await transport.run(script, { action, timeoutMs: ASK_TIMEOUT_MS, signal });
  if (result.status !== 0) {
    throw sendRefusal(sending, result, 0);
  }
  const said = result.stdout.toString();
  const findings = parseAsk(said);
  const missing = parcels.filter(parcel => !isThere(sending, parcel, findings));
  const there = parcels.filter(parcel => !missing.includes(parcel));
  there.forEach(({ place, tree }) => memory.noteThere(place, tree));
  return { findings, said, missing };
}

/** What is there of large files by now. */
export async function askAgain(sending: Sending, missing: readonly Parcel[]): Promise<Findings> {
  const { transport, root, signal } = sending;
  const question = {
    ...questionOf(sending, missing),
    weighed: [],
    summed: [],
    wantsSnapshots: false
  };
  const script = [buildEnter(root), buildAsk(question), 'true'].join('\n');
  const action = 'ask what is there by now';
  const result = await transport.run(script, { action, timeoutMs: ASK_TIMEOUT_MS, signal });
  return parseAsk(result.stdout.toString());
}

/** Read the manifests of snapshots that earlier services sent. */
export async function learnTrees(sending: Sending, hashes: readonly string[]): Promise<void> {
  const { transport, root, signal, memory } = sending;
  const bases = hashes
    .slice(0, MOST_BASES)
    .map(hash => `echo 'tree ${hash}'; cat snapshots/${hash}/manifest.json 2>/dev/null`);
  const script = [buildEnter(root), ...bases, 'true'].join('\n');
  const action = 'ask what can be begun from';
  const result = await transport.run(script, { action, timeoutMs: ASK_TIMEOUT_MS, signal });
  const texts = result.stdout.toString().split(/^tree /m);
  for (const text of texts.slice(1).reverse()) {
    const end = text.indexOf('\n');
    const tree = parseManifest(text.slice(0, end), text.slice(end + 1));
    if (tree !== null) {
      memory.noteTree(tree);
    }
  }
}

function questionOf(
  { root, memory, service: { tag } }: Sending,
  parcels: readonly Parcel[]
): Question {
  const files = parcels
    .flatMap(blobsOf)
    .flatMap(({ sha256, bytes }) => [
      `blobs/${sha256}`,
      ...(bytes < ALONE_BYTES ? [] : [partOf(sha256, tag)])
    ]);
  const trees = parcels.filter(({ tree }) => tree !== undefined);
  const bytes = parcels.reduce((sum, parcel) => sum + bytesOf(parcel), 0);
  const isLargeTree = trees.some(tree => bytesOf(tree) > BASE_ASKED_BYTES);
  return {
    root,
    places: parcels.filter(({ blob }) => blob === undefined).map(({ place }) => place),
    files: [...new Set(files)],
    weighed: trees.map(({ place }) => place).filter(place => memory.needsWeighing(place)),
    summed: parcels
      .filter(({ sum, place }) => sum !== undefined && memory.needsWeighing(place))
      .map(({ place }) => place),
    wantsRoom: bytes > ROOM_ASKED_BYTES,
    wantsSnapshots: memory.known.length === 0 && isLargeTree,
    wantsGzip: isLargeTree
  };
}

/** There, and as it was sent, as far as was asked; a damaged one gives way. */
function isThere({ memory, replaced }: Sending, parcel: Parcel, findings: Findings): boolean {
  const { place, blob } = parcel;
  if (blob !== undefined) {
    return findings.sizes.get(place) === blob.bytes && !memory.isDamaged(place);
  }
  if (findings.missing.has(place)) {
    return false;
  }
  if (!memory.isDamaged(place) && isWhole(parcel, findings, memory.isDoubted(place))) {
    return true;
  }
  replaced.add(place);
  return false;
}

function isWhole(
  { place, tree, sum }: Parcel,
  { weights, sums }: Findings,
  isDoubted: boolean
): boolean {
  const weight = weights.get(place);
  const isHeavy = weight === undefined || tree === undefined || isWeightOf(tree, weight);
  const told = sums.get(place) ?? (isDoubted ? 'unknown' : sum);
  return isHeavy && (sum === undefined || told === sum);
}
