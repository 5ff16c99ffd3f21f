import { SluiceError } from '../../shared/errors';
import type { IFileTree } from '../file-tree';

/** One local file that travels. */
export type CapturedFile = {
  absolute: string;
  bytes: number;
  sha256: string;
  /** Only the executable bit is kept: 0o755 or 0o644. */
  mode: number;
};

const EXECUTABLE = 0o111;

/**
 * What identifies a file that the run needs, and its content where that was read for it; rejects
 * with `module-unreadable`.
 */
export async function readCaptured(
  files: IFileTree,
  absolute: string
): Promise<{ facts: CapturedFile; content: Uint8Array | null }> {
  const { sha256, bytes, mode, content } = await orUnreadable(absolute, files.digest(absolute));
  const isExecutable = (mode & EXECUTABLE) !== 0;
  return { facts: { absolute, bytes, sha256, mode: isExecutable ? 0o755 : 0o644 }, content };
}

/** Reading that fails becomes `module-unreadable`. */
export async function orUnreadable<T>(path: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new SluiceError('module-unreadable', { path, problem }, { cause });
  }
}
