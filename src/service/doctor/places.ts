import type { PartReply } from '../schedulers/parallel-parts';

/** A folder where files could lie, as the login node sees it. */
export type DiskPlace = {
  /** `home`, `root`, or what names it: `scratch`, `work-user`. */
  label: string;
  path: string;
  exists: boolean;
  isWritable: boolean;
  /** Kind of file system as `stat` calls it: `nfs`, `lustre`, `ext2/ext3`. */
  kind: string | null;
  /** What `df` calls the file system, and where it is mounted. */
  device: string | null;
  mount: string | null;
  totalBytes: number | null;
  /** Free for this person: what is left of the disk, and of the quota where there is one. */
  roomBytes: number | null;
  quotaBytes: number | null;
  roomInodes: number | null;
  /** False: the file system did not answer in time. */
  hasAnswered: boolean;
};

type Quota = { usedKb: number; limitKb: number; usedFiles: number; limitFiles: number };

const DF = /^(.+?)\s+(\d+)\s+(\d+)\s+(-?\d+)\s+(?:\d+%|-)\s+(\/.*)$/;

const numbers = (words: readonly string[]): number[] =>
  words.filter(word => /^\d+\*?$/.test(word)).map(word => Number.parseInt(word, 10));

/** Used, soft and hard limit, of blocks and then of files; words of grace between them are dropped. */
function quotaOf(words: readonly string[]): Quota | null {
  const [usedKb, softKb, hardKb, usedFiles = 0, softFiles = 0, hardFiles = 0] = numbers(words);
  if (usedKb === undefined || softKb === undefined || hardKb === undefined) {
    return null;
  }
  return {
    usedKb,
    limitKb: hardKb > 0 ? hardKb : softKb,
    usedFiles,
    limitFiles: hardFiles > 0 ? hardFiles : softFiles
  };
}

/** What `quota -w` says, by file system. */
export function parseQuotas(lines: readonly string[]): ReadonlyMap<string, Quota> {
  const rows = lines.flatMap(line => {
    const [device = '', ...words] = line.trim().split(/\s+/);
    const quota = quotaOf(words);
    return quota === null || !/[/:]/.test(device) ? [] : [[device, quota] as const];
  });
  return new Map(rows);
}

/** The rest of the first line that begins with this word; null: there is none. */
export function lineOf(lines: readonly string[], word: string): string | null {
  const found = lines.find(line => line === word || line.startsWith(`${word} `));
  return found === undefined ? null : found.slice(word.length).trim();
}

const least = (...values: (number | null)[]): number | null => {
  const known = values.filter(value => value !== null);
  return known.length === 0 ? null : Math.max(0, Math.min(...known));
};

function ownQuota(
  lines: readonly string[],
  device: string | null,
  quotas: ReadonlyMap<string, Quota>
): Quota | null {
  const lustre = lineOf(lines, 'lustre');
  const said = lustre === null ? null : quotaOf(lustre.split(/\s+/).slice(1));
  return said ?? (device === null ? null : (quotas.get(device) ?? null));
}

function roomOf(free: number | null, quota: Quota | null): Partial<DiskPlace> {
  const hasLimit = quota !== null && quota.limitKb > 0;
  return {
    quotaBytes: hasLimit ? quota.limitKb * 1024 : null,
    roomBytes: least(free, hasLimit ? (quota.limitKb - quota.usedKb) * 1024 : null)
  };
}

/** One place from what its part said; null: there is no such place. */
export function parsePlace(
  label: string,
  { lines, isDone }: PartReply,
  quotas: ReadonlyMap<string, Quota>
): DiskPlace | null {
  const path = lineOf(lines, 'path');
  if (path === null) {
    return null;
  }
  const there = lineOf(lines, 'there');
  const [, device = null, totalKb, , freeKb, mount = null] =
    DF.exec(lineOf(lines, 'space') ?? '') ?? [];
  const [, , totalInodes = '0', , freeInodes] = DF.exec(lineOf(lines, 'inodes') ?? '') ?? [];
  const quota = ownQuota(lines, device, quotas);
  const inodes = freeInodes === undefined || totalInodes === '0' ? null : Number(freeInodes);
  const limitFiles = quota === null || quota.limitFiles === 0 ? null : quota.limitFiles;
  return {
    label,
    path,
    exists: there === path,
    isWritable: lines.includes('writable'),
    kind: lineOf(lines, 'kind'),
    device,
    mount,
    totalBytes: totalKb === undefined ? null : Number(totalKb) * 1024,
    roomBytes: null,
    quotaBytes: null,
    ...roomOf(freeKb === undefined ? null : Number(freeKb) * 1024, quota),
    roomInodes: least(inodes, limitFiles === null ? null : limitFiles - (quota?.usedFiles ?? 0)),
    hasAnswered: isDone
  };
}

const OF_ONE_MACHINE =
  /^(ext\d?|ext2\/ext3|xfs|tmpfs|btrfs|overlayfs|zfs|f2fs|reiserfs|jfs|ramfs)$/;

/** Whether compute nodes can hardly see it: a disk of the login node itself. */
export function isLocalDisk({ kind }: DiskPlace): boolean {
  return kind !== null && OF_ONE_MACHINE.test(kind);
}
