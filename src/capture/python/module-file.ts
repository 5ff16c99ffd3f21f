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

/** Read a file that the run needs; rejects with `module-unreadable`. */
export async function readCaptured(
  files: IFileTree,
  absolute: string
): Promise<{ facts: CapturedFile; content: Uint8Array }> {
  try {
    const [content, stat] = await Promise.all([files.read(absolute), files.stat(absolute)]);
    const isExecutable = ((stat?.mode ?? 0) & EXECUTABLE) !== 0;
    const facts = {
      absolute,
      bytes: content.length,
      sha256: files.sha256(content),
      mode: isExecutable ? 0o755 : 0o644
    };
    return { facts, content };
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new SluiceError('module-unreadable', { path: absolute, problem }, { cause });
  }
}
