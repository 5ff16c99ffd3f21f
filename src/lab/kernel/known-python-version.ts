import type { Kernel } from '@jupyterlab/services';
import type { IClock } from '../clock';

/** A kernel that has started said it long ago; one that has not is not waited for. */
const AT_ONCE_MS = 500;

/** The version of a Python kernel, such as `3.11.7`; null when that is not known at once. */
export async function knownPythonVersion(
  kernel: Pick<Kernel.IKernelConnection, 'info'> | null,
  clock: IClock
): Promise<string | null> {
  if (!kernel) {
    return null;
  }
  return new Promise(resolve => {
    const timer = clock.after(AT_ONCE_MS, () => resolve(null));
    kernel.info
      .then(
        ({ language_info: { name, version } }) =>
          resolve(name.toLowerCase() === 'python' ? version : null),
        // A kernel that ended before it said who it is.
        () => resolve(null)
      )
      .finally(() => timer.dispose());
  });
}
