import type { IFileTree } from '../../capture/file-tree';
import { CaptureMemory } from '../../capture/python/capture-memory';
import { localOrRemoteDisk } from './disk-calls';
import { createDiskFileTree } from './disk-file-tree';
import { FileHashes } from './file-hashes';

/** What captures learned of sources and files, so that the next one reads only what changed. */
export class ScanMemory extends CaptureMemory {
  /** The files of this machine, for the life of one capture. */
  fileTree(): IFileTree {
    return createDiskFileTree({ hashes: this.hashes, disk: this.disk });
  }

  private readonly hashes = new FileHashes();
  private readonly disk = localOrRemoteDisk();
}
