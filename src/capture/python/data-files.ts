import { SluiceError } from '../../shared/errors';
import type { LeftOut, Note } from '../../shared/wire/capture';
import type { FileRules } from '../file-rules';
import type { IFileTree } from '../file-tree';
import { levelsUp, relativePath, resolvePath } from '../posix-path';
import { isSecret } from './is-secret';
import { type CapturedFile, readCaptured } from './module-file';
import type { PathFacts } from './path-facts';

/** A data file that travels; `path` is seen from the notebook's folder. */
export type CapturedData = CapturedFile & { path: string; why: string };

/** How far above the notebook's folder a file may lie. */
export const MOST_LEVELS_UP = 3;

const MOST_BYTES = 50 * 2 ** 20;

/** A source whose paths count. */
export type NamedSource = {
  /** For a person: `the cell`, `the function load`, or the module's path as it is listed. */
  who: string;
  facts: PathFacts;
  /** Absolute path of the module or script, for `__file__`; null for the cell and its functions. */
  file: string | null;
  /** The import root that it lies below; null where there is none. */
  root: string | null;
  /** Dotted name of the package that it belongs to; null for what is in none. */
  package: string | null;
};

export type DataFilesOptions = {
  sources: readonly NamedSource[];
  /** The notebook's folder. */
  cwd: string;
  files: IFileTree;
  /** What kernel names hold, as the kernel said. */
  constants: Readonly<Record<string, readonly string[]>>;
  /** Folders that the cell names only to import from; absolute. */
  folders: ReadonlySet<string>;
  rules: FileRules;
};

/** A large file that nobody has decided on. */
export type Undecided = { path: string; bytes: number; why: string };

export type DataFound = {
  files: CapturedData[];
  leftOut: LeftOut[];
  /** Large files of which a person says whether they travel; submitting is refused until then. */
  undecided: Undecided[];
  /** Absolute paths that the code reads and that are not here: perhaps they are on the target. */
  absolute: string[];
  notes: Note[];
};

/** The files that the sources name, those of them that stay here, and why. */
export async function dataFiles(options: DataFilesOptions): Promise<DataFound> {
  const { sources, cwd } = options;
  const found: DataFound = { files: [], leftOut: [], undecided: [], absolute: [], notes: [] };
  const seen = new Set<string>();
  const uses = sources.flatMap(({ who, facts }) => facts.uses.map(use => ({ ...use, who })));
  for (const { path: expression, line, who } of uses) {
    const { text } = expression;
    if (seen.has(text) || !isPathLike(text)) {
      continue;
    }
    seen.add(text);
    const absolute = resolvePath(cwd, text);
    const verdict = await judge(text, absolute, options);
    const read = verdict.kind === 'take' ? await readOrLeave(options.files, absolute) : verdict;
    if (read.kind === 'leave') {
      found.leftOut.push({ kind: 'file', name: text, reason: read.reason });
    } else if (read.kind === 'read') {
      const path = relativePath(cwd, absolute);
      found.files.push({ ...read.facts, path, why: `named by ${who}, line ${line}` });
    }
  }
  return found;
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
