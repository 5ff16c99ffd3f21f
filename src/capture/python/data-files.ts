import { SluiceError } from '../../shared/errors';
import type { LeftOut } from '../../shared/wire/capture';
import type { IFileTree } from '../file-tree';
import { levelsUp, relativePath, resolvePath } from '../posix-path';
import { isSecret } from './is-secret';
import { type CapturedFile, readCaptured } from './module-file';
import { stringConstants } from './string-constants';

/** A data file that travels; `path` is seen from the notebook's folder. */
export type CapturedData = CapturedFile & { path: string; why: string };

/** How far above the notebook's folder a file may lie. */
export const MOST_LEVELS_UP = 3;

const MOST_BYTES = 50 * 2 ** 20;

export type DataFilesOptions = {
  /** The cell's source without magics. */
  source: string;
  cwd: string;
  files: IFileTree;
  /** Folders that the cell names only to import from; absolute. */
  folders: ReadonlySet<string>;
};

/** The files that string constants of the cell name, and those of them that stay here. */
export async function dataFiles(
  options: DataFilesOptions
): Promise<{ files: CapturedData[]; leftOut: LeftOut[] }> {
  const { source, cwd } = options;
  const files: CapturedData[] = [];
  const leftOut: LeftOut[] = [];
  const seen = new Set<string>();
  for (const { text, line } of stringConstants(source)) {
    if (seen.has(text) || !isPathLike(text)) {
      continue;
    }
    seen.add(text);
    const absolute = resolvePath(cwd, text);
    const verdict = await judge(text, absolute, options);
    const read = verdict.kind === 'take' ? await readOrLeave(options.files, absolute) : verdict;
    if (read.kind === 'leave') {
      leftOut.push({ kind: 'file', name: text, reason: read.reason });
    } else if (read.kind === 'read') {
      const path = relativePath(cwd, absolute);
      files.push({ ...read.facts, path, why: `named by the cell, line ${line}` });
    }
  }
  return { files, leftOut };
}

type Verdict = { kind: 'none' } | { kind: 'leave'; reason: string } | { kind: 'take' };

/** Whether a constant names something here, and what becomes of it. */
async function judge(
  text: string,
  absolute: string,
  { cwd, files, folders }: DataFilesOptions
): Promise<Verdict> {
  const facts = await files.stat(absolute);
  if (!facts || facts.kind === 'other' || absolute === '/' || folders.has(absolute)) {
    return { kind: 'none' };
  }
  if (text.startsWith('/')) {
    return leave('an absolute path; map its folder in the target’s `paths`, or name it relatively');
  }
  if (facts.kind === 'folder') {
    return absolute === cwd
      ? { kind: 'none' }
      : leave('a folder; only files that the cell names travel');
  }
  const path = relativePath(cwd, absolute);
  if (isSecret(absolute)) {
    return leave('its name says that it holds a secret');
  }
  if (levelsUp(path) > MOST_LEVELS_UP) {
    return leave(`more than ${MOST_LEVELS_UP} folders above the notebook`);
  }
  if (facts.bytes > MOST_BYTES) {
    return leave(`${Math.round(facts.bytes / 2 ** 20)} MiB, more than ${MOST_BYTES / 2 ** 20}`);
  }
  return { kind: 'take' };
}

/** That a constant names a file does not prove that the cell needs it. */
async function readOrLeave(
  files: IFileTree,
  absolute: string
): Promise<{ kind: 'read'; facts: CapturedFile } | { kind: 'leave'; reason: string }> {
  try {
    return { kind: 'read', facts: (await readCaptured(files, absolute)).facts };
  } catch (error) {
    if (error instanceof SluiceError) {
      return { kind: 'leave', reason: `cannot be read: ${String(error.details['problem'])}` };
    }
    throw error;
  }
}

function leave(reason: string): { kind: 'leave'; reason: string } {
  return { kind: 'leave', reason };
}

function isPathLike(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  const hasControl = /[\0-\x1f]/.test(text);
  return text.trim() !== '' && text.length <= 1024 && !hasControl && !/^[a-z]+:\/\//i.test(text);
}
