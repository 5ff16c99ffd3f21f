import { rm } from 'node:fs/promises';

import { withDirectoryLock } from './directory-lock.ts';
import { endTestbed } from './end-testbed.ts';
import { realDirectory } from './real-directory.ts';
import { reportToStderr, type Report } from './report.ts';
import { openTestbed } from './testbed.ts';
import { readRecord } from './testbed-record.ts';

/** Whether the testbed's files shall go too, and who hears what is going on. */
export type DownOptions = {
  remove?: boolean | undefined;
  report?: Report | undefined;
};

/** Ends a testbed with all its processes; its settings and logs stay unless `remove` is set. */
export async function down(directory: string, options: DownOptions = {}): Promise<void> {
  const report = options.report ?? reportToStderr;
  const dir = await realDirectory(directory);
  await withDirectoryLock(dir, async () => {
    if ((await readRecord(dir)) === undefined) {
      report(`There is no testbed in ${dir}.`);
      return;
    }
    const testbed = await openTestbed(dir);
    await endTestbed(testbed, report);
    if (options.remove) {
      await rm(testbed.layout.runtimeDir, { recursive: true, force: true });
      await rm(dir, { recursive: true, force: true });
    }
  });
}
