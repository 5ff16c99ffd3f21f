import { isBelow, levelsUp, normalizePath, relativePath } from './posix-path';

/** Where import roots lie in a snapshot. */
export type RootLayout = {
  /** The place of each root, such as `modules/0/src`. */
  placeOf: (root: string) => string;
  /** The place of a file beside the modules of a root; null: too far away. */
  placeBeside: (root: string, absolute: string) => string | null;
};

/** How far apart folders may lie that keep their places to each other. */
const MOST_LEVELS = 3;

/** Folders that hold unrelated things. */
const SHARED = /^\/(?:$|(?:tmp|home|Users|mnt|opt|usr|var|media|srv|private)$)/;

/**
 * Lay out import roots. Those that lie near each other keep their places in one tree, so that code
 * which goes from one to the other by `..` arrives; a tree reaches as high as the data that modules
 * name from their own place.
 */
export function layOutRoots(
  roots: readonly string[],
  beside: readonly { root: string; absolute: string }[]
): RootLayout {
  const tops = [...new Set([...roots, ...beside.map(({ root }) => root)])].map(root =>
    beside
      .filter(each => each.root === root)
      .reduce((top, { absolute }) => topFor(top, root, absolute), root)
  );
  const trees = mergeTops(tops);
  const treeOf = (path: string): number => trees.findIndex(tree => isBelow(path, tree));
  const placeIn = (index: number, path: string): string => {
    const below = relativePath(trees[index] ?? '/', path);
    return below === '.' ? `modules/${index}` : `modules/${index}/${below}`;
  };
  return {
    placeOf: root => placeIn(treeOf(root), root),
    placeBeside: (root, absolute) => {
      const index = treeOf(root);
      return isBelow(absolute, trees[index] ?? '/') ? placeIn(index, absolute) : null;
    }
  };
}

/** Whether a file keeps its place beside the modules of a root. */
export function isNear(root: string, absolute: string): boolean {
  const levels = levelsUp(relativePath(root, absolute));
  return levels <= MOST_LEVELS && !(levels > 0 && SHARED.test(above(root, levels)));
}

function topFor(top: string, root: string, absolute: string): string {
  if (!isNear(root, absolute)) {
    return top;
  }
  const wanted = above(root, levelsUp(relativePath(root, absolute)));
  return isBelow(top, wanted) ? wanted : top;
}

/** Of two that are near each other, the folder around both. */
function mergeTops(tops: readonly string[]): string[] {
  const merged: string[] = [];
  for (const top of tops) {
    const index = merged.findIndex(other => around(top, other) !== null);
    const other = merged[index];
    const both = other === undefined ? null : around(top, other);
    if (both === null) {
      merged.push(top);
    } else {
      merged[index] = both;
      // What grew may now hold, or be near, others.
      return mergeTops([...merged, ...tops.slice(tops.indexOf(top) + 1)]);
    }
  }
  return merged;
}

/** The folder around two, if they are near enough to keep their places. */
function around(one: string, other: string): string | null {
  if (isBelow(one, other) || isBelow(other, one)) {
    return isBelow(one, other) ? other : one;
  }
  const levels = levelsUp(relativePath(one, other));
  const both = above(one, levels);
  const depth = relativePath(both, other).split('/').length;
  return levels <= MOST_LEVELS && depth <= MOST_LEVELS && !SHARED.test(both) ? both : null;
}

function above(folder: string, levels: number): string {
  return normalizePath(folder + '/..'.repeat(levels));
}
