import { join } from 'node:path';

import { findProgram } from './find-program.ts';
import type { Layout } from './layout.ts';
import { runCommand } from './run-command.ts';
import { SSH_ALIAS } from './ssh-conf.ts';
import { readTail } from './start-part.ts';
import { TestbedError } from './testbed-error.ts';

/** Makes sure that a command over ssh runs: accounts may be locked, or have no usable shell. */
export async function checkLogin(layout: Layout): Promise<void> {
  const args = ['-F', layout.sshConfig, '-o', 'BatchMode=yes', SSH_ALIAS, 'true'];
  const { status, stdout, stderr } = await runCommand(findProgram('ssh') ?? 'ssh', args, {
    timeoutMs: 20_000
  });
  if (status !== 0) {
    const log = join(layout.logDir, 'sshd.log');
    throw new TestbedError(
      `A command over ssh to the testbed failed with status ${status}: ${(stderr + stdout).trim()}\n` +
        `The end of ${log}:\n${await readTail(log)}\n` +
        'The account that runs the testbed must not be locked and needs a login shell.'
    );
  }
}
