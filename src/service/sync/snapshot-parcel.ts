import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { SluiceError } from '../../shared/errors';
import type { Manifest, ManifestEntry } from '../../capture/manifest';
import type { Parcel, ShippedFile } from './shipment';
import { sha256 } from './sha256';

/** Larger ones are sent from the disk; the worker's check vouches for what arrives. */
const MOST_HELD_BYTES = 8 * 2 ** 20;

async function load(place: string, entry: ManifestEntry): Promise<ShippedFile> {
  const { absolute, bytes, executable } = entry;
  const shipped = { place: `${place}/${entry.place}`, bytes, executable };
  try {
    if (bytes > MOST_HELD_BYTES) {
      refuseChanged(entry, await hashOf(absolute));
      return { ...shipped, content: { path: absolute } };
    }
    const content = await readFile(absolute);
    refuseChanged(entry, sha256(content));
    return { ...shipped, content };
  } catch (cause) {
    if (cause instanceof SluiceError) {
      throw cause;
    }
    const problem = `${absolute} cannot be read any more: ${String(cause)}; run the cell again`;
    throw refusal(problem, cause);
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function refuseChanged({ absolute, sha256: wanted }: ManifestEntry, found: string): void {
  if (found !== wanted) {
    throw refusal(`${absolute} changed while it was sent; run the cell again`);
  }
}

function refusal(problem: string, cause?: unknown): SluiceError {
  return new SluiceError('upload-failed', { host: 'the target', root: '', problem }, { cause });
}

/** A manifest's tree, named by its hash; null when nothing of this machine's disk travels. */
export function buildSnapshotParcel(manifest: Manifest): Parcel | null {
  if (manifest.entries.length === 0) {
    return null;
  }
  const place = `snapshots/${manifest.hash}`;
  const content = Buffer.from(manifest.text, 'ascii');
  const list: ShippedFile = {
    place: `${place}/manifest.json`,
    bytes: content.length,
    executable: false,
    content
  };
  const files = async (): Promise<ShippedFile[]> => [
    list,
    ...(await Promise.all(manifest.entries.map(entry => load(place, entry))))
  ];
  return { place, files };
}
