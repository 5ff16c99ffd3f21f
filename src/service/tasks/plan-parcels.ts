import type { Note, Value } from '../../shared/wire/capture';
import { sizeWords } from '../../shared/size-words';
import type { Gathered } from './gather';

type Load = { place: string; files: number; bytes: number };

/** What each parcel of a task weighs; values that were only looked at have no parcels yet. */
export function loadsOf(
  { manifest, blobs, parcels }: Gathered,
  values: readonly Value[] = []
): Load[] {
  const sizes = new Map(blobs.map(({ sha256, bytes }) => [`blobs/${sha256}`, bytes]));
  const snapshot = manifest.entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const surveyed = values.filter(value => value.blobs.length === 0);
  const sent = parcels.map(({ place }) => {
    const bytes = sizes.get(place);
    return bytes === undefined
      ? { place, files: manifest.entries.length, bytes: snapshot }
      : { place, files: 1, bytes };
  });
  return [...sent, ...surveyed.map(({ name, bytes }) => ({ place: name, files: 1, bytes }))];
}

/** All that the bundle holds, each file once, whether or not the target has it already. */
export function transferOf(loads: readonly Load[]): { files: number; bytes: number } {
  return {
    files: loads.reduce((sum, load) => sum + load.files, 0),
    bytes: loads.reduce((sum, load) => sum + load.bytes, 0)
  };
}

/** How much of it need not be sent again. */
export function presentNotes(
  loads: readonly Load[],
  present: ReadonlySet<string>,
  target: string
): Note[] {
  const there = transferOf(loads.filter(({ place }) => present.has(place)));
  const all = transferOf(loads);
  if (there.files === 0) {
    return [];
  }
  const part =
    there.files === all.files ? 'all' : `${sizeWords(there.bytes)} of ${sizeWords(all.bytes)}`;
  const text = `${part} is there already and is not sent again`;
  return [{ kind: 'name', name: target, text }];
}
