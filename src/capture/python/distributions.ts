import type { IFileTree } from '../file-tree';

/** An installed distribution, as its own metadata names it. */
export type Distribution = {
  name: string;
  version: string;
  /** Folders and modules that it brings, with slashes, to a few levels. */
  brings: ReadonlySet<string>;
};

/** The distributions in one entry of `sys.path`. */
type Index = { key: string; distributions: readonly Distribution[] };

type Reading = Pick<IFileTree, 'list' | 'read' | 'decode'>;

/** Parts of `google/cloud/storage` by which the distributions of one namespace are told apart. */
const MOST_LEVELS = 3;

/** Tells which installed distribution a module is of; remembers each folder until that changes. */
export class Distributions {
  /** Null: of none, such as the standard library. */
  async find(module: string, root: string, files: Reading): Promise<Distribution | null> {
    const { distributions } = await this.indexOf(root, files);
    const parts = module.split('.').slice(0, MOST_LEVELS);
    for (let end = parts.length; end > 0; end -= 1) {
      const path = parts.slice(0, end).join('/');
      const found = distributions.find(({ brings }) => brings.has(path));
      if (found !== undefined) {
        return found;
      }
    }
    return null;
  }

  private async indexOf(root: string, files: Reading): Promise<Index> {
    const names = ((await files.list(root)) ?? [])
      .filter(name => /\.(?:dist|egg)-info$/.test(name))
      .sort();
    // Another version is another name.
    const key = names.join('\n');
    const known = this.indexes.get(root);
    if (known?.key === key) {
      return known;
    }
    const read = await Promise.all(names.map(name => readDistribution(root, name, files)));
    const index = { key, distributions: read.filter(each => each !== null) };
    this.indexes.set(root, index);
    return index;
  }

  private readonly indexes = new Map<string, Index>();
}

async function readDistribution(
  root: string,
  folder: string,
  files: Reading
): Promise<Distribution | null> {
  const text = async (name: string): Promise<string | null> => {
    try {
      return files.decode(await files.read(`${root}/${folder}${name}`));
    } catch {
      // Installers leave out what they like, and another may be removing it right now.
      return null;
    }
  };
  const metadata = (await text('/METADATA')) ?? (await text('/PKG-INFO')) ?? (await text(''));
  const name = header(metadata, 'Name');
  if (name === null) {
    return null;
  }
  const top = await text('/top_level.txt');
  const record = (await text('/RECORD')) ?? (await text('/installed-files.txt'));
  const listed = (top ?? '').split('\n').map(line => line.trim());
  const brings = new Set([...listed.filter(Boolean), ...recorded(record ?? '')]);
  if (brings.size === 0) {
    brings.add(name.replaceAll(/[-.]+/g, '_').toLowerCase());
  }
  return { name, version: header(metadata, 'Version') ?? '', brings };
}

function header(metadata: string | null, field: string): string | null {
  return new RegExp(`^${field}:[ \\t]*(.+?)[ \\t\\r]*$`, 'm').exec(metadata ?? '')?.[1] ?? null;
}

/** Modules and folders of modules in a `RECORD`. */
function recorded(record: string): Set<string> {
  const found = new Set<string>();
  for (const line of record.split('\n')) {
    const path = /^"?([^",]+)/.exec(line)?.[1] ?? '';
    const isModule = /\.(?:py|so|pyd|pyc)$/.test(path) && !path.includes('__pycache__');
    if (!isModule || path.startsWith('..') || path.startsWith('/')) {
      continue;
    }
    const parts = path.split('/').slice(0, MOST_LEVELS);
    const last = parts.pop() ?? '';
    if (parts.length < MOST_LEVELS && !last.startsWith('__init__.')) {
      parts.push(last.replace(/\..*$/, ''));
    }
    for (let end = 1; end <= parts.length; end += 1) {
      found.add(parts.slice(0, end).join('/'));
    }
  }
  return found;
}
