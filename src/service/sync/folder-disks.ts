import { lstatSync } from 'node:fs';
import { readFile, realpath, statfs } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

/** File systems of Linux that lie on this machine, as `statfs` numbers them. */
const LOCAL_TYPES = new Set([
  0xef53, // ext
  0x58465342, // XFS
  0x9123683e, // Btrfs
  0x2fc12fc1, // ZFS
  0xf2f52010, // F2FS
  0x01021994, // tmpfs
  0x794c7630 // overlay
]);

/** A folder may become another file system's, but not often. */
const TRUSTED_MS = 30_000;

/** Where a folder really is; null: not on a disk of this machine, or nowhere. */
type LocalPlace = string | null;

/**
 * Tells folders on a disk of this machine, which answers at once, from those on a network, which
 * may not answer at all; and never asks the latter in a way that would have everybody wait.
 */
export class FolderDisks {
  constructor(private readonly nowMs: () => number) {
    this.askedMs = nowMs();
  }

  async isLocal(folder: string): Promise<boolean> {
    const now = this.nowMs();
    if (now - this.askedMs > TRUSTED_MS) {
      this.askedMs = now;
      this.places.clear();
      this.mounts = null;
    }
    return (await this.placeOf(folder)) !== null;
  }

  private placeOf(folder: string): Promise<LocalPlace> {
    let place = this.places.get(folder);
    if (place === undefined) {
      place = this.inherit(folder);
      this.places.set(folder, place);
    }
    return place;
  }

  /** A folder in a local one is local too, unless it is a mount point or a link. */
  private async inherit(folder: string): Promise<LocalPlace> {
    const above = this.places.get(dirname(folder));
    const parent = above === undefined ? null : await above;
    if (parent === null) {
      return askFor(folder);
    }
    this.mounts ??= readMounts();
    const mounts = await this.mounts;
    const place = `${parent === '/' ? '' : parent}/${basename(folder)}`;
    if (mounts === null || mounts.has(place)) {
      return askFor(folder);
    }
    const isPlain = lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
    return isPlain ? place : askFor(folder);
  }

  private askedMs: number;
  private mounts: Promise<ReadonlySet<string> | null> | null = null;
  private readonly places = new Map<string, Promise<LocalPlace>>();
}

async function askFor(folder: string): Promise<LocalPlace> {
  try {
    const [{ type }, place] = await Promise.all([statfs(folder), realpath(folder)]);
    return LOCAL_TYPES.has(type) ? place : null;
  } catch {
    // What is not there, or may not be asked, is told so by the call itself.
    return null;
  }
}

/** Null where the system has no such table. */
async function readMounts(): Promise<ReadonlySet<string> | null> {
  try {
    const table = await readFile('/proc/self/mountinfo', 'utf8');
    const points = table.split('\n').map(line => line.split(' ')[4] ?? '');
    return new Set(points.map(unescapeMount));
  } catch {
    return null;
  }
}

function unescapeMount(point: string): string {
  return point.replace(/\\([0-7]{3})/g, (_, code: string) =>
    String.fromCharCode(parseInt(code, 8))
  );
}
