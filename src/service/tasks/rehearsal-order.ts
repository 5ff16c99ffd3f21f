import type { Captured } from '../../capture/python/follow-imports';
import type { SubmitRequest } from '../../shared/wire/submit';
import type { Target } from '../targets/target';

const HERE_SECONDS = 60;
/** Within the five minutes of its job, with room for the start of Python and for the last words. */
const THERE_SECONDS = 240;

/** Whether a task on this target runs as the person's own process on the person's own disk. */
function isHere({ host, scheduler }: Target): boolean {
  return host === null && scheduler === 'process';
}

/** How long the task's own code may take in a rehearsal. */
export function rehearsalSeconds(target: Target): number {
  const { rehearseSeconds, scheduler } = target;
  return scheduler === 'slurm'
    ? Math.min(rehearseSeconds ?? THERE_SECONDS, THERE_SECONDS)
    : (rehearseSeconds ?? HERE_SECONDS);
}

/** What the worker is told of a rehearsal, for `spec.json`; null: the task is none. */
export function rehearsalOrder(
  request: SubmitRequest,
  target: Target,
  captured: Pick<Captured, 'roots' | 'cwd'>
): Record<string, unknown> | null {
  if (!request.rehearsal) {
    return null;
  }
  const { capture, rehearsalOf } = request;
  return {
    limitSeconds: rehearsalSeconds(target),
    target: rehearsalOf === target.name ? null : rehearsalOf,
    isHere: isHere(target),
    folder: captured.cwd,
    sysPath: capture?.sysPath ?? [],
    installedRoots: capture?.installedRoots ?? [],
    moduleRoots: captured.roots
  };
}
