import type { SubmitRequest } from '../../shared/wire/submit';
import type { Target } from '../targets/target';

/** The Python that runs a task: the target's own, else on this machine that of the kernel. */
export function pythonOf({ python, host }: Target, { capture }: SubmitRequest): string {
  return python ?? (host === null ? capture?.python?.executable : null) ?? 'python3';
}
