import { parseAsk } from './ask-script';
import { consignmentOf } from './consignment';
import { inlineBytes } from './inline-tar';
import type { Sending } from './send-options';
import { receiveText } from './send-small-files';
import type { Parcel, Tree } from './shipment';
import { tarBytesOf } from './tar-stream-of';
import { changeOf, nearestTree, type TreeChange } from './tree-change';

/** What a question may carry along. */
const MOST_INLINE_BYTES = 256 * 1024;

/** A snapshot that needs few bytes, ready to be made by the question itself. */
export type Inline = { script: string; files: number; bytes: number; base: string };

/** From the nearest tree that lies there; null: there is none, or it must be sent whole. */
export function changeFromNearest(
  { memory, replaced }: Sending,
  place: string,
  tree: Tree
): TreeChange | null {
  if (memory.isDamaged(place) || replaced.has(place)) {
    return null;
  }
  const others = memory.known.filter(({ hash }) => place !== `snapshots/${hash}`);
  const base = nearestTree(others, tree.entries);
  return base === null ? null : changeOf(base, tree);
}

/** What changes a snapshot that is there into the one that is wanted, where that is little. */
export async function inlineChange(
  sending: Sending,
  parcels: readonly Parcel[]
): Promise<Inline | null> {
  const snapshot = parcels.find(({ tree }) => tree !== undefined);
  const { place, tree } = snapshot ?? {};
  const isKnown = sending.memory.known.some(({ hash }) => place === `snapshots/${hash}`);
  if (snapshot === undefined || place === undefined || tree === undefined || isKnown) {
    return null;
  }
  const change = changeFromNearest(sending, place, tree);
  return change === null || !isSmall(change) ? null : inlineOf(sending, snapshot, change);
}

async function inlineOf(
  sending: Sending,
  snapshot: Parcel,
  change: TreeChange
): Promise<Inline | null> {
  const { tag } = sending.service;
  const missing = [snapshot];
  const consignment = await consignmentOf({ missing, change, findings: parseAsk(''), tag });
  const unpack = inlineBytes(await tarBytesOf(consignment.files));
  if (unpack === null) {
    return null;
  }
  const word = sending.newWord();
  const receive = receiveText(sending, { consignment, parts: [], unpack, word });
  const script = [
    `if [ ! -e ${snapshot.place} ] && [ -e snapshots/${change.base.hash}/manifest.json ]; then`,
    `( ${receive}\n) >&2 && echo applied`,
    'fi'
  ].join('\n');
  const { files, bytes } = consignment;
  return { script, files: files.length, bytes, base: change.base.hash };
}

function isSmall({ changed, edits }: TreeChange): boolean {
  const bytes = changed.reduce((sum, entry) => sum + entry.bytes + 1024, edits.join('\n').length);
  return bytes <= MOST_INLINE_BYTES;
}
