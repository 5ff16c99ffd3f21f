/** One file on its way to a host: `place` is relative to the target's root, `/`-separated. */
export type ShippedFile = {
  place: string;
  bytes: number;
  executable: boolean;
  /** Contents, or the absolute path here. */
  content: Buffer | { path: string };
  /** What a file of a path has to be; absent: its name vouches for its contents. */
  sha256?: string;
};

/** A file of a tree, as its manifest tells it; `place` is relative to the tree. */
export type TreeEntry = { place: string; sha256: string; bytes: number; executable: boolean };

/** What a parcel holds, so that only what another one lacks has to travel. */
export type Tree = {
  /** Sorted by place; without the manifest itself. */
  entries: readonly TreeEntry[];
  /** `manifest.json`, whose hash is the last part of the parcel's place. */
  manifest: string;
  /** Where an entry is here. */
  pathOf: (place: string) => string;
};

/** Something that is published whole: present on the host under `place`, or not at all. */
export type Parcel = {
  /** `worker/…`, `snapshots/…` or `blobs/…`; letters, digits, `.`, `-`, `_` and `/` only. */
  place: string;
  files: () => Promise<ShippedFile[]>;
  /** Of workers only: the hash of the sorted lines `<hash of a file>  ./<its path>`. */
  sum?: string;
  /** Of snapshots only. */
  tree?: Tree;
  /** Of blobs only: where it is here, and how long. */
  blob?: { path: string; bytes: number; sha256: string };
};
