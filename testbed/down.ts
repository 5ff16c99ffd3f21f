import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';

import { withDirectoryLock } from './directory-lock.ts';
import { endTestbed } from './end-testbed.ts';
import { realDirectory } from './prepare-record.ts';
import { reportToStderr, type Report } from './report.ts';
import { defaultDirectory, openTestbed } from './testbed.ts';
import { readRecord } from './testbed-record.ts';

/** Which testbed shall end, and whether its files shall go too. */
export type DownOptions = {
  dir?: string | undefined;
  remove?: boolean | undefined;
  report?: Report | undefined;
};

/** Ends a testbed with all its processes; its settings and logs stay unless `remove` is set. */
export async function down(options: DownOptions = {}): Promise<void> {
  const report = options.report ?? reportToStderr;
  const dir = await realDirectory(resolve(options.dir ?? defaultDirectory()));
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
