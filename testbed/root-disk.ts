import { readFile } from 'node:fs/promises';

import type { Layout } from './layout.ts';
import { runChecked } from './run-command.ts';
import { TestbedError } from './testbed-error.ts';

/** Puts a small, empty disk in the place of Sluice's root on the cluster. Root alone may mount. */
export async function mountSmallRoot({ clusterRoot }: Layout, bytes: number): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new TestbedError('Only root may give the cluster a small disk of its own.', 2);
  }
  const options = `size=${bytes},mode=0700`;
  await runChecked('mount', ['-t', 'tmpfs', '-o', options, 'sluice-testbed', clusterRoot]);
}

/** Takes that disk away with all that is on it; what was there before shows again. */
export async function unmountSmallRoot({ clusterRoot }: Layout): Promise<void> {
  if (isMounted(await readFile('/proc/self/mountinfo', 'utf8'), clusterRoot)) {
    // Lazily: a process that ends late may still have a file open there.
    await runChecked('umount', ['--lazy', clusterRoot]);
  }
}

/** Whether a disk is mounted at this very path, by the text of mountinfo. */
export function isMounted(mountinfo: string, path: string): boolean {
  return mountinfo.split('\n').some(line => line.split(' ')[4] === path);
}
