import type { Manifest } from '../../capture/manifest';
import type { Parcel, ShippedFile } from './shipment';

/** A manifest's tree, named by its hash; null when nothing of this machine's disk travels. */
export function buildSnapshotParcel(manifest: Manifest): Parcel | null {
  const { entries, text } = manifest;
  if (entries.length === 0) {
    return null;
  }
  const place = `snapshots/${manifest.hash}`;
  const paths = new Map(entries.map(entry => [entry.place, entry.absolute]));
  const pathOf = (entry: string): string => paths.get(entry) ?? '';
  const files = (): Promise<ShippedFile[]> =>
    Promise.resolve(entries.map(entry => shippedEntry(place, entry, entry.absolute)));
  return { place, files, tree: { entries, manifest: text, pathOf } };
}

/** A file of a tree on its way. */
export function shippedEntry(
  place: string,
  { place: within, bytes, executable, sha256 }: Omit<ShippedFile, 'content'>,
  path: string
): ShippedFile {
  return { place: `${place}/${within}`, bytes, executable, content: { path }, sha256 };
}
