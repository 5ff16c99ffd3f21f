import type { Kernel } from '@jupyterlab/services';
import type { IClock } from '../clock';
import type { ISluiceService } from '../service';
import { askKernel } from './ask-kernel';
import { kernelLanguage } from './check-kernel';

/** Load `%%slurm` into a Python kernel that lacks it; kernels of other languages are left alone. */
export async function loadMagic(
  service: ISluiceService,
  kernel: Kernel.IKernelConnection,
  clock: IClock
): Promise<void> {
  if ((await kernelLanguage(kernel, clock)) === 'python') {
    const { snippet } = await service.captureKit();
    await askKernel(kernel, { snippet, name: 'load_magic', args: {} }, clock);
  }
}
