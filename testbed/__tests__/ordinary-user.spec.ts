import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { listProcesses } from '../processes.ts';
import { makeOrdinaryAccount } from './ordinary-account.ts';
import { makeScratch } from './scratch.ts';

jest.setTimeout(120_000);

describe('the testbed of an ordinary user', () => {
  const scratch = makeScratch();
  chmodSync(scratch.dir, 0o755);
  const account = makeOrdinaryAccount(scratch.dir);
  const dir = join(account.home, 'tb');
  const testbed = (command: string) => account.run(['NODE', 'MAIN', command, '--dir', dir]);

  afterAll(() => {
    testbed('down');
    scratch.remove();
  });

  it('comes up, runs jobs over ssh past a noisy shell start-up file, and goes', async () => {
    // Would stand in the way of every command over ssh.
    writeFileSync(join(account.home, '.bashrc'), 'echo noise; sleep 1\n');
    const start = testbed('up');
    expect(start.stderr).toMatch(/is up after/);
    expect(start.status).toBe(0);

    const alias = ['-F', join(dir, 'ssh/config'), '-o', 'BatchMode=yes', 'sluice-testbed'];
    const job = 'cd /tmp && srun sh -c "id -u; echo \\$SLURMD_NODENAME"';
    const overSsh = account.run(['ssh', ...alias, job]);
    expect(overSsh).toMatchObject({ status: 0, stderr: '' });
    expect(overSsh.stdout).toMatch(new RegExp(`^${String(account.uid)}\nnode[123]\n$`));

    const table = testbed('status');
    expect(table.status).toBe(0);
    expect(table.stdout.match(/node idle/g)).toHaveLength(3);
    expect(testbed('up').stderr).toMatch(/was up already/);

    expect(testbed('down').status).toBe(0);
    expect(testbed('status').status).toBe(1);
    const left = (await listProcesses()).filter(each => each.words.some(w => w.includes(dir)));
    expect(left).toEqual([]);
  });
});
