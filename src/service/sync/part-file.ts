import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createHash, type Hash } from 'node:crypto';

const { O_CREAT, O_NOFOLLOW, O_RDWR } = constants;
const PRIVATE_MODE = 0o600;
const PIECE_BYTES = 2 ** 20;

/** Where a file that is to become `path` grows: beside it, under a name that no program takes for its own. */
export function partPathOf(path: string): string {
  return join(dirname(path), `.${basename(path).slice(0, 200)}.sluice-part`);
}

/** A file that grows beside its place, hashed on the way; it stays when the work is cut off. */
export class PartFile {
  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
    private hash: Hash,
    private written: number
  ) {}

  /** Open, or take up what an earlier try left. */
  static async open(path: string): Promise<PartFile> {
    const handle = await open(path, O_RDWR | O_CREAT | O_NOFOLLOW, PRIVATE_MODE);
    try {
      const part = new PartFile(path, handle, createHash('sha256'), 0);
      await part.takeUp();
      return part;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** How many bytes it has. */
  get bytes(): number {
    return this.written;
  }

  async append(chunk: Buffer): Promise<void> {
    await writeAll(this.handle, chunk, this.written);
    this.hash.update(chunk);
    this.written += chunk.length;
  }

  /** Begin anew. */
  async empty(): Promise<void> {
    await this.handle.truncate(0);
    this.hash = createHash('sha256');
    this.written = 0;
  }

  /** The SHA-256 of all of it. */
  digest(): string {
    return this.hash.copy().digest('hex');
  }

  /** On the disk for good. */
  async flush(): Promise<void> {
    await this.handle.sync();
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private async takeUp(): Promise<void> {
    const { size } = await this.handle.stat();
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    while (this.written < size) {
      const { bytesRead } = await this.handle.read(piece, 0, PIECE_BYTES, this.written);
      if (bytesRead === 0) {
        return;
      }
      this.hash.update(piece.subarray(0, bytesRead));
      this.written += bytesRead;
    }
  }
}

async function writeAll(handle: FileHandle, chunk: Buffer, position: number): Promise<void> {
  for (let done = 0; done < chunk.length;) {
    const { bytesWritten } = await handle.write(chunk, done, chunk.length - done, position + done);
    done += bytesWritten;
  }
}

/** Give a part the place of `path`, whatever is there. */
export async function publishPart(part: string, path: string): Promise<void> {
  await rename(part, path);
  const folder = await open(dirname(path), constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** What nobody will take up again. */
export async function removePart(part: string): Promise<void> {
  await rm(part, { force: true });
}
