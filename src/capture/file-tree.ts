/** What a path leads to; `mode` has the permission bits. */
export type FileFacts = { kind: 'file' | 'folder' | 'other'; bytes: number; mode: number };

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
  /** The names in a folder; null where there is no folder, or none that may be listed. */
  list(path: string): Promise<readonly string[] | null>;
  /** The hash in lower-case hexadecimal. */
  sha256(bytes: Uint8Array): string;
  /** UTF-8 to text; bytes that are none become U+FFFD. */
  decode(bytes: Uint8Array): string;
}
