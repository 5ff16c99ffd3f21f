import type { Kernel } from '@jupyterlab/services';
import { SluiceError } from '../../shared/errors';
import type { IClock } from '../clock';
import { withDeadline } from '../with-deadline';

/** The control channel answers beside a running cell, so a late answer means a frozen kernel. */
const SUBSHELL_DEADLINE_MS = 20_000;

/**
 * A connection to a new subshell of the kernel, which answers beside a running cell; null where the
 * kernel has none. Disposing the connection deletes the subshell.
 */
export async function openSubshell(
  kernel: Kernel.IKernelConnection,
  clock: IClock
): Promise<Kernel.IKernelConnection | null> {
  const late = (): SluiceError =>
    new SluiceError('kernel-silent', { problem: 'it opens no subshell in time' });
  await withDeadline(kernel.info, SUBSHELL_DEADLINE_MS, clock, late);
  // A fresh clone always says no: only the original connection has read the kernel's features.
  if (!kernel.supportsSubshells) {
    return null;
  }
  const created = kernel.requestCreateSubshell({}).done;
  const { content } = await withDeadline(created, SUBSHELL_DEADLINE_MS, clock, late);
  // The connection takes the id, although the type of `clone` does not list it.
  const options = { handleComms: false, subshellId: content.subshell_id };
  return kernel.clone(options);
}
