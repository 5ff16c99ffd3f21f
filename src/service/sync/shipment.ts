/** One file on its way to a host: `place` is relative to the target's root, `/`-separated. */
export type ShippedFile = {
  place: string;
  bytes: number;
  executable: boolean;
  /** Contents, or the absolute path here of a file whose name vouches for its contents. */
  content: Buffer | { path: string };
};

/** Something that is published whole: present on the host under `place`, or not at all. */
export type Parcel = {
  /** `worker/…`, `snapshots/…` or `blobs/…`; letters, digits, `.`, `-`, `_` and `/` only. */
  place: string;
  files: () => Promise<ShippedFile[]>;
};
