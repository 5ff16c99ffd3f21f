import { join } from 'node:path';
import type { Blob, Value } from '../../shared/wire/capture';
import type { Parcel } from './shipment';

/** The files of values; one that two values share counts once. */
export function blobsOf(values: readonly Value[]): Blob[] {
  const blobs = values.flatMap(value => value.blobs);
  return [...new Map(blobs.map(blob => [blob.sha256, blob])).values()];
}

/** A file that is named by its hash on the host. */
export function buildBlobParcel(path: string, { sha256, bytes }: BlobFacts): Parcel {
  const place = `blobs/${sha256}`;
  const file = { place, bytes, executable: false, content: { path }, sha256 };
  return { place, blob: { path, bytes, sha256 }, files: () => Promise.resolve([file]) };
}

type BlobFacts = Pick<Blob, 'sha256' | 'bytes'>;

/** Each of them, named by its hash. */
export function buildBlobParcels(blobs: readonly Blob[], spool: string): Parcel[] {
  return blobs.map(blob => buildBlobParcel(join(spool, `blobs/${blob.sha256}`), blob));
}
