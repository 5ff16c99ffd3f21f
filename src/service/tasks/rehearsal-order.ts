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

/** What to do where this machine cannot tell; null: the task runs where it is meant to. */
function offerOf(meant: Target, target: Target): string | null {
  if (meant.name === target.name) {
    return null;
  }
  const queue = meant.scheduler === 'slurm' ? ': five minutes in its shortest queue' : '';
  return `Rehearse on ${meant.name} to see the rest${queue}.`;
}

export type OrderParts = {
  request: SubmitRequest;
  /** Where it runs. */
  target: Target;
  /** Where it is meant to run. */
  meant: Target;
  captured: Pick<Captured, 'roots' | 'cwd'>;
};

/** What the worker is told of a rehearsal, for `spec.json`; null: the task is none. */
export function rehearsalOrder(parts: OrderParts): Record<string, unknown> | null {
  const { request, target, meant, captured } = parts;
  if (!request.rehearsal) {
    return null;
  }
  const { capture } = request;
  return {
    limitSeconds: rehearsalSeconds(target),
    target: meant.name,
    offer: offerOf(meant, target),
    isHere: isHere(target),
    folder: captured.cwd,
    // Without a kernel, what Python itself would have for a notebook.
    sysPath: capture?.sysPath ?? [captured.cwd],
    installedRoots: capture?.installedRoots ?? [],
    moduleRoots: captured.roots
  };
}
