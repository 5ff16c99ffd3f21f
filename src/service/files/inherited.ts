import { posix } from 'node:path';
import type { Manifest } from '../../capture/manifest';
import { sizeWords } from '../../shared/size-words';
import type { EarlierFile } from '../store/file-store';
import type { Legacy } from '../tasks/task-files';
import { levelsOf } from './name-problem';

export const MOST_INHERITED_BYTES = 5e9;
export const MOST_INHERITED_FILES = 5000;

const PRESENT = new Set(['there', 'fetching', 'home', 'beside', 'taken']);

export type LegacyParts = {
  /** The newest ones first, each path once. */
  earlier: readonly EarlierFile[];
  manifest: Manifest;
  /** The notebook's folder here; its own name and those above give `work/` its shape. */
  folder: string;
  /** Folder of all runs there. */
  runs: string;
  /** Attempt that each earlier task's files are of. */
  attemptOf: (task: string) => number | null;
};

/** Give `work/` more folders above the notebook's own, named as here. */
export function deepen(manifest: Manifest, folder: string, levels: number): Manifest {
  const names = folder.split('/').filter(Boolean);
  const has = manifest.cwd === '' ? 0 : manifest.cwd.split('/').length;
  const wanted = Math.min(levels, names.length);
  if (wanted <= has) {
    return manifest;
  }
  const prefix = names.slice(names.length - wanted, names.length - has).join('/');
  const below = (place: string): string => (place === '' ? prefix : `${prefix}/${place}`);
  return {
    ...manifest,
    cwd: below(manifest.cwd),
    files: manifest.files.map(file => ({ ...file, to: below(file.to) })),
    folders: manifest.folders.map(below)
  };
}

/** What a task finds of earlier ones, at the same places as seen from the notebook's folder. */
export function legacyOf({ earlier, manifest, folder, runs, attemptOf }: LegacyParts): Legacy {
  const present = earlier.filter(({ state }) => PRESENT.has(state));
  const levels = Math.max(0, ...present.map(({ path }) => levelsOf(path)));
  const deeper = deepen(manifest, folder, levels);
  const carried = new Set(deeper.files.map(({ to }) => to));
  const found = present.flatMap(({ task, cwd, path, bytes }) => {
    const to = posix.join(deeper.cwd, path);
    const attempt = attemptOf(task);
    const from = posix.join(runs, task, 'attempts', String(attempt), 'work', cwd, path);
    const isOut = attempt === null || to.startsWith('../') || carried.has(to);
    return isOut ? [] : [{ from, to, path, bytes }];
  });
  return withinLimits(deeper, found);
}

type Found = { from: string; to: string; path: string; bytes: number };

function withinLimits(manifest: Manifest, found: readonly Found[]): Legacy {
  let bytes = 0;
  const kept = found.filter((file, at) => {
    const fits = at < MOST_INHERITED_FILES && bytes + file.bytes <= MOST_INHERITED_BYTES;
    bytes += fits ? file.bytes : 0;
    return fits;
  });
  const left = found.length - kept.length;
  const name = found.find((file, at) => kept[at] !== file)?.path ?? '';
  const more = left > 1 ? ` and ${left - 1} more` : '';
  const text =
    `this file${more} of earlier cells there will not be found: a cell finds up to ` +
    `${sizeWords(MOST_INHERITED_BYTES)} and ${MOST_INHERITED_FILES} files of earlier ones`;
  const inherited = kept.map(({ from, to }) => ({ from, to }));
  return { manifest, inherited, notes: left === 0 ? [] : [{ kind: 'file', name, text }] };
}
