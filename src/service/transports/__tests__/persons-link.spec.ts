import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSshd } from '../../../testing/loopback-sshd';
import { waitUntil } from '../../../testing/wait-until';
import { personsLink } from '../persons-link';

const ALIVE_CHECK = 0x10000004;
const CHECK_MS = 40;

describe('the link over a master of the person’s', () => {
  const ends: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    for (const end of ends.splice(0)) {
      await end();
    }
  });

  it('stands while the master answers, and ends where it no longer does', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'master-'));
    const socket = join(folder, 's');
    let checks = 0;
    const server = createServer((client: Socket) => {
      client
        .on('error', () => undefined)
        .on('data', data => {
          for (let at = 0; at + 12 <= data.length; at += 12) {
            checks += data.readUInt32BE(at + 4) === ALIVE_CHECK ? 1 : 0;
          }
          if (checks <= 6) {
            client.write('alive');
          }
        });
    });
    await new Promise<void>(resolve => server.listen(socket, resolve));
    ends.push(async () => new Promise(resolve => server.close(resolve)));
    ends.push(() => rm(folder, { recursive: true }));

    const reason = await personsLink(socket, 'site', CHECK_MS).gone;
    expect(reason.message).toContain('does not answer');
    // Six were answered; two or three more are needed to be sure.
    expect(checks).toBeGreaterThanOrEqual(8);
  });

  it('is not held by a real one that hangs', async () => {
    const sshd = await startSshd();
    ends.push(() => sshd.stop());
    const socket = join(sshd.folder, 'own');
    const args = ['-F', sshd.configPath, '-M', '-N', '-S', socket, 'loopback'];
    const own = spawn('ssh', args, { stdio: 'ignore' });
    ends.unshift(async () => own.kill('SIGKILL'));
    await waitUntil('the master listens', async () => existsSync(socket));

    const link = personsLink(socket, 'site', CHECK_MS);
    own.kill('SIGSTOP');
    expect((await link.gone).message).toContain('does not answer');
  });
});
