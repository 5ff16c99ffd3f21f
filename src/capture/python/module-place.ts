import { baseName, normalizePath, relativePath } from '../posix-path';

/** A folder in which Python looks. */
export type Portion = {
  folder: string;
  /** The entry of `sys.path` that it lies below. */
  root: string;
  /** Its place below that, ending in a slash; empty: it is that entry. */
  prefix: string;
};

/** A module's file that is no part of an installed distribution. */
export type FilePlace = {
  kind: 'file';
  file: string;
  root: string;
  /** Below `root`; what its module's name asks for where a hook maps it elsewhere. */
  path: string;
  /** The package's folder; null for a plain module. */
  folder: string | null;
  /** Whether it can be read for imports of its own. */
  isSource: boolean;
};

/** What Python would load for a dotted name. */
export type ModulePlace =
  | FilePlace
  | { kind: 'namespace'; portions: readonly Portion[] }
  /** Of an installed distribution or, with `root` null or without distributions, of Python. */
  | { kind: 'installed'; root: string | null }
  | { kind: 'missing' };

/** An entry of `sys.path`. */
export function rootPortion(folder: string): Portion {
  return { folder, root: folder, prefix: '' };
}

/** A folder in another one. */
export function portionInside({ folder, root, prefix }: Portion, name: string): Portion {
  return { folder: `${folder === '/' ? '' : folder}/${name}`, root, prefix: `${prefix}${name}/` };
}

/** Where the modules of a package lie; null: it is a plain module. */
export function packagePortion({ folder, root, path }: FilePlace): Portion | null {
  const prefix = path.slice(0, path.lastIndexOf('/') + 1);
  return folder === null ? null : { folder, root, prefix };
}

/** A module's file in a folder, or the first file of a package. */
export function foundPlace(
  { folder, root, prefix }: Portion,
  name: string,
  isPackage: boolean
): FilePlace {
  return {
    kind: 'file',
    file: `${folder === '/' ? '' : folder}/${name}`,
    root,
    path: prefix + name,
    folder: isPackage ? folder : null,
    isSource: name.endsWith('.py')
  };
}

/** A file that the kernel named: the root is where `sys.path` would have to lead to it. */
export function namedPlace(module: string, file: string): FilePlace {
  const name = baseName(file);
  const isPackage = name.startsWith('__init__.');
  const folder = normalizePath(`${file}/..`);
  const wanted = module.replaceAll('.', '/');
  const suffix = name.slice(name.indexOf('.'));
  const path = isPackage ? `${wanted}/${name}` : `${wanted}${suffix}`;
  const isInPlace = file.endsWith(`/${path}`);
  const root = isInPlace
    ? normalizePath(file.slice(0, -path.length))
    : normalizePath(isPackage ? `${folder}/..` : folder);
  const isSource = file.endsWith('.py');
  return { kind: 'file', file, root, path, folder: isPackage ? folder : null, isSource };
}

/** Where the packages of a namespace lie that the kernel named by its folders. */
export function namedPortions(module: string, folders: readonly string[]): Portion[] {
  const levels = '/..'.repeat(module.split('.').length);
  return folders.map(folder => {
    const root = normalizePath(folder + levels);
    return { folder, root, prefix: `${relativePath(root, folder)}/` };
  });
}
