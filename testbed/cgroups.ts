import { readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Where slurmd keeps the memory of its jobs apart; named by the node and not by the testbed. */
const MEMORY = '/sys/fs/cgroup/memory';

/** Removes what slurmd leaves of its control groups; call it when no job runs any more. */
export async function removeCgroups(nodeNames: readonly string[]): Promise<void> {
  await Promise.all(nodeNames.map(name => removeGroup(join(MEMORY, `slurm_${name}`))));
}

/** Only folders can be removed there, the innermost first. */
async function removeGroup(path: string): Promise<void> {
  try {
    const inside = await readdir(path, { withFileTypes: true });
    for (const entry of inside.filter(each => each.isDirectory())) {
      await removeGroup(join(path, entry.name));
    }
    await rmdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw error;
    }
  }
}
