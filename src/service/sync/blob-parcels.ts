import { join } from 'node:path';
import type { Value } from '../../shared/wire/capture';
import type { Parcel } from './shipment';

/** The files of values, each named by its hash; one that two values share travels once. */
export function buildBlobParcels(values: readonly Value[], spool: string): Parcel[] {
  const blobs = new Map(values.flatMap(value => value.blobs).map(blob => [blob.sha256, blob]));
  return [...blobs.values()].map(({ sha256, bytes }) => {
    const place = `blobs/${sha256}`;
    const content = { path: join(spool, place) };
    return { place, files: () => Promise.resolve([{ place, bytes, executable: false, content }]) };
  });
}
