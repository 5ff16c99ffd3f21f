import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import type { Readable } from 'node:stream';
import { extract, type Header } from 'tar-stream';

export type Unpacked = { files: string[]; skipped: string[] };

/** Where an entry goes below the folder; null: not below it. The cluster's word is not trusted. */
function placeOf({ name }: Header): string | null {
  const path = normalize(name);
  return name === '' || path.startsWith('/') || path.split('/').includes('..') ? null : path;
}

async function unpackFile(
  source: AsyncIterable<Uint8Array>,
  header: Header,
  path: string
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // Nothing that is there already is written over.
  const mode = (header.mode & 0o100) === 0 ? 0o644 : 0o755;
  await writeFile(path, source, { flag: 'wx', mode });
}

/**
 * Unpack files and folders of an archive below a folder. Links, devices and what would lie outside
 * are skipped and named. Fails with `EEXIST` rather than write over a file.
 */
export async function unpack(archive: Readable, folder: string): Promise<Unpacked> {
  const result: Unpacked = { files: [], skipped: [] };
  await mkdir(folder, { recursive: true });
  const entries = extract();
  // A broken archive ends the loop below with its error.
  archive.on('error', error => {
    entries.destroy(error);
  });
  // Read at once below: an entry that nobody waits for would be lost.
  archive.pipe(entries);
  for await (const entry of entries) {
    const { header } = entry;
    const place = placeOf(header);
    if (place !== null && header.type === 'file') {
      // Its types do not say that it can be iterated, as every stream can.
      const source = entry as unknown as AsyncIterable<Uint8Array>;
      await unpackFile(source, header, join(folder, place));
      result.files.push(place);
    } else {
      if (place !== null && header.type === 'directory') {
        await mkdir(join(folder, place), { recursive: true });
      } else {
        result.skipped.push(header.name);
      }
      entry.resume();
    }
  }
  return result;
}
