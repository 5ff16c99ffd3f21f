/**
 * What a path leads to; `mode` has the permission bits. `id` is the same for all paths to one
 * thing, where the machine can tell: so loops of links are seen.
 */
export type FileFacts = {
  kind: 'file' | 'folder' | 'other';
  bytes: number;
  mode: number;
  id?: string;
};

/** What identifies a file's content; all of one state of the file. */
export type FileDigest = {
  sha256: string;
  bytes: number;
  mode: number;
  /** The content, where it had to be read for this and is not large. */
  content: Uint8Array | null;
};

/**
 * The files of this machine, as capture sees them. Symbolic links are followed. Any call may be
 * made for any absolute path, several at once; implementations may remember answers for the life
 * of one capture, so that it sees one state of the disk.
 */
export interface IFileTree {
  /** Null where nothing is, or where a folder on the way may not be searched. */
  stat(path: string): Promise<FileFacts | null>;
  /** The whole file; rejects when it cannot be read. */
  read(path: string): Promise<Uint8Array>;
  /** The hash of a file, read only where it is not known; rejects when it cannot be read. */
  digest(path: string): Promise<FileDigest>;
  /** The names in a folder; null where there is no folder, or none that may be listed. */
  list(path: string): Promise<readonly string[] | null>;
  /** The hash in lower-case hexadecimal. */
  sha256(bytes: Uint8Array): string;
  /**
   * Bytes to text; those that are none in the encoding (UTF-8 unless said) become U+FFFD. Throws a
   * `RangeError` for an encoding that is not known.
   */
  decode(bytes: Uint8Array, encoding?: string): string;
}
