import { sharedEntries } from './consignment';
import type { Parcel, Tree } from './shipment';

/** What of a parcel lies below `blobs/` on the host. */
export function blobsOf({ blob, tree }: Parcel): { sha256: string; bytes: number }[] {
  return blob === undefined ? sharedEntries(tree?.entries ?? []) : [blob];
}

/** All places that sending a parcel may bring. */
export function placesOf(parcel: Parcel): string[] {
  return [parcel.place, ...blobsOf(parcel).map(({ sha256 }) => `blobs/${sha256}`)];
}

/** How much there is in a parcel. */
export function bytesOf({ tree, blob }: Parcel): number {
  return blob?.bytes ?? tree?.entries.reduce((sum, { bytes }) => sum + bytes, 0) ?? 0;
}

/** Whether a host counted what the tree holds, with its manifest. */
export function isWeightOf(tree: Tree, weight: { files: number; bytes: number }): boolean {
  const bytes = tree.entries.reduce((sum, entry) => sum + entry.bytes, tree.manifest.length);
  return weight.files === tree.entries.length + 1 && weight.bytes === bytes;
}
