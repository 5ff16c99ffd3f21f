import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel } from '@jupyterlab/services';
import { SluiceError } from '../../shared/errors';
import type { IClock } from '../clock';
import { withDeadline } from '../with-deadline';

/** How long a kernel may take to start, and a person to choose one. */
const READY_DEADLINE_MS = 60_000;

/** How long a kernel may take to say who it is. */
const INFO_DEADLINE_MS = 30_000;

/** The session's Python kernel; rejects with `kernel-silent` or `kernel-not-python` in words. */
export async function checkKernel(
  session: ISessionContext,
  clock: IClock
): Promise<Kernel.IKernelConnection> {
  const late = (): SluiceError =>
    new SluiceError('kernel-silent', { problem: 'it does not start in time' });
  await withDeadline(session.ready, READY_DEADLINE_MS, clock, late);
  const kernel = session.session?.kernel;
  if (!kernel) {
    throw new SluiceError('kernel-silent', { problem: 'this notebook has no kernel' });
  }
  if (kernel.status === 'dead' || kernel.status === 'terminating') {
    throw new SluiceError('kernel-silent', { problem: 'the kernel is dead' });
  }
  const language = await kernelLanguage(kernel, clock);
  if (language !== 'python') {
    throw new SluiceError('kernel-not-python', { language });
  }
  return kernel;
}

/** The language a kernel says it speaks, in lower case. */
export async function kernelLanguage(
  kernel: Kernel.IKernelConnection,
  clock: IClock
): Promise<string> {
  const late = (): SluiceError =>
    new SluiceError('kernel-silent', { problem: 'it does not say which language it runs' });
  const info = await withDeadline(kernel.info, INFO_DEADLINE_MS, clock, late);
  return info.language_info.name.toLowerCase();
}
