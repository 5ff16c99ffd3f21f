import type { Findings } from './ask-script';
import type { ArrivedPart, Delivery } from './receive-script';
import type { Parcel, ShippedFile, Tree, TreeEntry } from './shipment';
import { shippedEntry } from './snapshot-parcel';
import type { TreeChange } from './tree-change';

/** From here on a file of a snapshot is a blob too, which other snapshots share. */
export const SHARED_BYTES = 2 ** 20;
/** From here on a file travels alone, and goes on where it was cut. */
export const ALONE_BYTES = 8 * 2 ** 20;

/** A file that travels alone: what of it is there already, if anything. */
export type LoneFile = {
  path: string;
  place: string;
  part: string;
  bytes: number;
  sha256: string;
  offset: number;
};

/** All that has to travel, and how it becomes what is wanted. */
export type Consignment = {
  files: ShippedFile[];
  lone: LoneFile[];
  delivery: Omit<Delivery, 'root' | 'nonce' | 'parts'>;
  bytes: number;
};

export type ConsignmentOptions = {
  missing: readonly Parcel[];
  /** From the tree that the snapshot among them is nearest to. */
  change: TreeChange | null;
  findings: Findings;
  /** Distinguishes the parts of one service from those of others. */
  tag: string;
};

/** Where a file grows on the host. */
export function partOf(place: string, tag: string): string {
  return `incoming/${place.slice(place.lastIndexOf('/') + 1)}.${tag}.part`;
}

/** The entries that travel as blobs. */
export function sharedEntries(entries: readonly TreeEntry[]): TreeEntry[] {
  return entries.filter(({ bytes }) => bytes >= SHARED_BYTES);
}

function blobFile(path: string, { sha256, bytes }: { sha256: string; bytes: number }): ShippedFile {
  return { place: `blobs/${sha256}`, bytes, executable: false, content: { path }, sha256 };
}

/** Files of the snapshot that become blobs, of which the host has none of that size. */
function missingShared(
  tree: Tree,
  entries: readonly TreeEntry[],
  findings: Findings
): ShippedFile[] {
  return sharedEntries(entries)
    .filter(({ sha256, bytes }) => findings.sizes.get(`blobs/${sha256}`) !== bytes)
    .map(entry => blobFile(tree.pathOf(entry.place), entry));
}

function textFile(place: string, text: string): ShippedFile {
  const content = Buffer.from(text, 'ascii');
  return { place, bytes: content.length, executable: false, content };
}

/** The small files of a snapshot, and what makes its manifest. */
function treeFiles(
  place: string,
  tree: Tree,
  entries: readonly TreeEntry[],
  change: TreeChange | null
): ShippedFile[] {
  const small = entries.filter(({ bytes }) => bytes < SHARED_BYTES);
  const files = small.map(entry => shippedEntry(place, entry, tree.pathOf(entry.place)));
  const list =
    change === null
      ? textFile(`${place}/manifest.json`, tree.manifest)
      : textFile('edits', change.edits.map(line => `${line}\n`).join(''));
  return [list, ...files];
}

async function otherFiles(missing: readonly Parcel[]): Promise<ShippedFile[]> {
  const others = missing.filter(({ tree }) => tree === undefined);
  return (await Promise.all(others.map(parcel => parcel.files()))).flat();
}

function loneFile(file: ShippedFile, { findings, tag }: ConsignmentOptions): LoneFile[] {
  const { place, bytes, content, sha256 } = file;
  if (bytes < ALONE_BYTES || Buffer.isBuffer(content) || sha256 === undefined) {
    return [];
  }
  const part = partOf(place, tag);
  const there = findings.sizes.get(part) ?? 0;
  return [{ path: content.path, place, part, bytes, sha256, offset: there > bytes ? 0 : there }];
}

/** Lay out what travels for the parcels that are missing. */
export async function consignmentOf(options: ConsignmentOptions): Promise<Consignment> {
  const { missing, change, findings } = options;
  const snapshot = missing.find(({ tree }) => tree !== undefined);
  const files = await otherFiles(missing);
  const links: Delivery['links'][number][] = [];
  if (snapshot?.tree !== undefined) {
    const { place, tree } = snapshot;
    const entries = change?.changed ?? tree.entries;
    files.push(
      ...missingShared(tree, entries, findings),
      ...treeFiles(place, tree, entries, change)
    );
    links.push(
      ...sharedEntries(entries).map(({ place: within, sha256, executable }) => ({
        blob: `blobs/${sha256}`,
        place: `${place}/${within}`,
        executable
      }))
    );
  }
  const distinct = [...new Map(files.map(file => [file.place, file])).values()];
  const lone = distinct.flatMap(file => loneFile(file, options));
  const alone = new Set(lone.map(({ place }) => place));
  const packed = distinct.filter(({ place }) => !alone.has(place));
  const blobs = packed.map(({ place }) => place).filter(place => place.startsWith('blobs/'));
  const trees = missing.map(({ place }) => place).filter(place => !place.startsWith('blobs/'));
  return {
    files: packed,
    lone,
    bytes: distinct.reduce((sum, { bytes }) => sum + bytes, 0),
    delivery: { base: baseOf(snapshot, change), replaced: [], links, publish: [...blobs, ...trees] }
  };
}

function baseOf(snapshot: Parcel | undefined, change: TreeChange | null): Delivery['base'] {
  if (snapshot === undefined || change === null) {
    return null;
  }
  const { place } = snapshot;
  return {
    from: `snapshots/${change.base.hash}`,
    to: place,
    hash: place.slice('snapshots/'.length),
    removed: change.removed,
    edits: change.edits
  };
}

/** What a file that came alone is checked for. */
export function arrived({ part, place, bytes, sha256, offset }: LoneFile): ArrivedPart {
  return { part, place, bytes, sha256: offset === 0 ? null : sha256 };
}
