import { readFile, readdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import SSHConfig, { LineType, type Line } from 'ssh-config';
import { SluiceError } from '../../../shared/errors';
import { matchesPattern } from './host-pattern';
import { expandHome } from './ssh-config-values';

/** A parsed file, with the files that its Include lines name in their places. */
export type ConfigLine =
  | { kind: 'setting'; keyword: string; values: string[] }
  | { kind: 'section'; keyword: 'host' | 'match'; values: string[]; lines: ConfigLine[] }
  | { kind: 'included'; lines: ConfigLine[] };

type FileRules = {
  /** What `~` means. */
  home: string;
  /** What relative Include paths are relative to. */
  folder: string;
  /** Refuse a file that others may write, as OpenSSH does with a person's own. */
  isPrivate: boolean;
  /** A missing file is as good as an empty one. */
  mayBeMissing: boolean;
};

const MAX_DEPTH = 16;

const OTHERS_MAY_WRITE = 0o022;

const unusable = (path: string, problem: string, cause?: unknown): SluiceError =>
  new SluiceError('config-invalid', { path, problem }, { cause });

/** Read an OpenSSH client configuration. Nothing in it is ever executed. */
export async function readSshConfig(
  path: string,
  rules: FileRules,
  depth = 0
): Promise<ConfigLine[]> {
  if (depth > MAX_DEPTH) {
    throw unusable(path, `Include goes deeper than ${MAX_DEPTH} files; does it include itself?`);
  }
  const text = await readText(path, rules);
  return convert(parse(text, path), async patterns => {
    const files = await Promise.all(patterns.map(pattern => expandInclude(pattern, rules)));
    const included: ConfigLine[] = [];
    for (const file of files.flat()) {
      included.push(...(await readSshConfig(file, { ...rules, mayBeMissing: true }, depth + 1)));
    }
    return included;
  });
}

async function readText(path: string, rules: FileRules): Promise<string> {
  try {
    const { mode, uid } = await stat(path);
    const isOurs = uid === 0 || uid === process.getuid?.();
    if (rules.isPrivate && (!isOurs || (mode & OTHERS_MAY_WRITE) !== 0)) {
      throw unusable(path, 'others may write it; run `chmod 600` on it');
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (rules.mayBeMissing && (error as NodeJS.ErrnoException).code === 'ENOENT') {
      return '';
    }
    throw error instanceof SluiceError ? error : unusable(path, (error as Error).message, error);
  }
}

function parse(text: string, path: string): Line[] {
  try {
    return SSHConfig.parse(text);
  } catch (error) {
    throw unusable(path, (error as Error).message, error);
  }
}

async function convert(
  lines: readonly Line[],
  include: (patterns: string[]) => Promise<ConfigLine[]>
): Promise<ConfigLine[]> {
  const converted: ConfigLine[] = [];
  for (const line of lines) {
    if (line.type !== LineType.DIRECTIVE || line.param === '') {
      continue;
    }
    const keyword = line.param.toLowerCase();
    const values = typeof line.value === 'string' ? [line.value] : line.value.map(({ val }) => val);
    if ((keyword === 'host' || keyword === 'match') && 'config' in line) {
      const inner = await convert(line.config, include);
      converted.push({ kind: 'section', keyword, values, lines: inner });
    } else if (keyword === 'include') {
      converted.push({ kind: 'included', lines: await include(values) });
    } else {
      converted.push({ kind: 'setting', keyword, values });
    }
  }
  return converted;
}

/** The files that an Include pattern names, in the order of their names. */
async function expandInclude(pattern: string, { folder, home }: FileRules): Promise<string[]> {
  const full = expandHome(pattern, home);
  const segments = (isAbsolute(full) ? full : join(folder, full)).split('/').slice(1);
  let paths = ['/'];
  for (const segment of segments) {
    const isPattern = /[*?]/.test(segment);
    const next = paths.map(async path =>
      isPattern ? namesIn(path, segment) : [join(path, segment)]
    );
    paths = (await Promise.all(next)).flat();
  }
  return paths;
}

async function namesIn(folder: string, pattern: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names
      .filter(name => matchesPattern(name, pattern) && !name.startsWith('.'))
      .sort()
      .map(name => join(folder, name));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      return [];
    }
    throw unusable(folder, (error as Error).message, error);
  }
}
