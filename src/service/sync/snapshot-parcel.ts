import { readFile } from 'node:fs/promises';
import { SluiceError } from '../../shared/errors';
import type { Manifest, ManifestEntry } from '../../capture/manifest';
import type { Parcel, ShippedFile } from './shipment';
import { sha256 } from './sha256';

async function load(place: string, entry: ManifestEntry): Promise<ShippedFile> {
  const content = await readFile(entry.absolute);
  if (sha256(content) !== entry.sha256) {
    const problem = `${entry.absolute} changed while it was sent; run the cell again`;
    throw new SluiceError('upload-failed', { host: 'the target', root: '', problem });
  }
  const { bytes, executable } = entry;
  return { place: `${place}/${entry.place}`, bytes, executable, content };
}

/** A manifest's tree, named by its hash; null when nothing of this machine's disk travels. */
export function buildSnapshotParcel(manifest: Manifest): Parcel | null {
  if (manifest.entries.length === 0) {
    return null;
  }
  const place = `snapshots/${manifest.hash}`;
  return { place, files: () => Promise.all(manifest.entries.map(entry => load(place, entry))) };
}
