import { statSync } from 'node:fs';

function stamp(path: string): string | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? null : `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
}

/**
 * Whether the program on disk is another one than when this was called: an upgrade came in under a
 * running service. A file that is missing, as in the middle of an upgrade, says nothing.
 */
export function watchBundle(path: string): () => boolean {
  const before = stamp(path);
  return () => {
    const now = stamp(path);
    return before !== null && now !== null && now !== before;
  };
}
