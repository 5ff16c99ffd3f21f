/** Names by which the worker ends a task whose files are not as they were sent. */
const DAMAGED = new Set(['SnapshotError', 'ValueUnreadable']);

/** The snapshots and blobs that a worker's end names as damaged, below the root. */
export function damagedPlaces(
  end: { ename: string | null; evalue: string | null } | null
): string[] {
  if (end === null || !DAMAGED.has(end.ename ?? '')) {
    return [];
  }
  const found = (end.evalue ?? '').match(/\b(?:snapshots|blobs)\/[0-9a-f]{64}\b/g) ?? [];
  return [...new Set(found)];
}
