import { join } from 'node:path';
import type { Blob, Value } from '../../shared/wire/capture';
import type { Parcel } from './shipment';

/** The files of values; one that two values share counts once. */
export function blobsOf(values: readonly Value[]): Blob[] {
  const blobs = values.flatMap(value => value.blobs);
  return [...new Map(blobs.map(blob => [blob.sha256, blob])).values()];
}

/** Each of them, named by its hash. */
export function buildBlobParcels(blobs: readonly Blob[], spool: string): Parcel[] {
  return blobs.map(({ sha256, bytes }) => {
    const place = `blobs/${sha256}`;
    const content = { path: join(spool, place) };
    return { place, files: () => Promise.resolve([{ place, bytes, executable: false, content }]) };
  });
}
