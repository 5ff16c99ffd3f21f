import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from './sha256';
import type { Parcel } from './shipment';

/** Folders of the Python package that work where Sluice is not installed. */
const CARRIED = ['worker', 'values', 'cloudpickle'] as const;

type Source = { path: string; content: Buffer };

async function readSources(packageDir: string, folder: string): Promise<Source[]> {
  const entries = await readdir(join(packageDir, folder), { withFileTypes: true, recursive: true });
  const paths = entries
    .filter(entry => entry.isFile() && /\.(py|txt)$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
    .sort();
  return Promise.all(
    paths.map(async path => ({
      path: `_sluice/${path.slice(packageDir.length + 1)}`,
      content: await readFile(path)
    }))
  );
}

function sumOf(sources: readonly Source[]): string {
  const lines = sources.map(({ path, content }) => `${sha256(content)}  ./${path}\n`);
  return sha256(lines.sort().join(''));
}

/** The worker as it is sent to hosts, named by its contents. */
export async function buildWorkerParcel(packageDir: string): Promise<Parcel> {
  const launch = await readFile(join(packageDir, 'worker', 'launch.py'));
  const folders = await Promise.all(CARRIED.map(folder => readSources(packageDir, folder)));
  const sources = [
    { path: '__main__.py', content: launch },
    { path: '_sluice/__init__.py', content: Buffer.alloc(0) },
    ...folders.flat()
  ];
  const hash = createHash('sha256');
  sources.forEach(({ path, content }) =>
    hash.update(`${path}\0${content.length}\0`).update(content)
  );
  const place = `worker/${hash.digest('hex').slice(0, 16)}`;
  const files = sources.map(({ path, content }) => ({
    place: `${place}/${path}`,
    bytes: content.length,
    executable: false,
    content
  }));
  return { place, files: () => Promise.resolve(files), sum: sumOf(sources) };
}
