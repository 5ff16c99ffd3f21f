import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';

import { waitUntil } from '../../testbed/wait-until.ts';
import { BenchError } from '../bench-error.ts';
import type { CleanUp } from '../with-clean-up.ts';
import type { OwnCode, Transport } from './own-code.ts';

const run = promisify(execFile);
const UP_TIMEOUT_MS = 20_000;
const COMMAND_TIMEOUT_MS = 600_000;

/** A real sshd behind a link of a chosen latency, with a kept connection of ours and one of OpenSSH. */
export type FarHost = {
  transport: Transport;
  /** For both connections, from now on. */
  setRoundTripMs(roundTripMs: number): Promise<void>;
  rsync(from: string, to: string): Promise<void>;
  /** `cat` into a file there. */
  cat(from: string, to: string): Promise<void>;
};

/** Everything is on this machine; `dir` must be short: a socket lies there. */
export async function openFarHost(code: OwnCode, dir: string, cleanUp: CleanUp): Promise<FarHost> {
  const sshd = await code.startSshd();
  cleanUp(() => sshd.stop());
  const program = join(import.meta.dirname, 'proxy-program.ts');
  const proxy = spawn(process.execPath, [program, code.folder, `${sshd.port}`], {
    stdio: ['pipe', 'pipe', 'inherit']
  });
  cleanUp(() => end(proxy));
  const lines = createInterface({ input: proxy.stdout })[Symbol.asyncIterator]();
  const port = Number((await lines.next()).value);
  await sshd.writeKnownHosts([`[127.0.0.1]:${port} ${await sshd.hostKey('ed25519')}`]);
  const host = `loopback:${port}`;
  const transport = code.createSsh2Transport({ target: 'bench', host, sshConfig: sshd.configPath });
  cleanUp(() => transport.close());
  await transport.connect();
  const words = ['-F', sshd.configPath, '-p', `${port}`, '-o', `ControlPath=${join(dir, 'm')}`];
  await openMaster(words, cleanUp);
  return {
    transport,
    setRoundTripMs: async roundTripMs => {
      proxy.stdin.write(`${roundTripMs / 2}\n`);
      await lines.next();
    },
    rsync: async (from, to) => {
      const shell = `ssh ${words.join(' ')}`;
      await run('rsync', ['-a', '-e', shell, `${from}/`, `loopback:${to}/`], {
        timeout: COMMAND_TIMEOUT_MS
      });
    },
    cat: async (from, to) => {
      const child = spawn('ssh', [...words, 'loopback', `cat >'${to}'`], {
        stdio: ['pipe', 'ignore', 'inherit']
      });
      const ended = once(child, 'exit');
      await pipeline(createReadStream(from, { highWaterMark: 2 ** 20 }), child.stdin);
      await ended;
      if (child.exitCode !== 0) {
        throw new BenchError(`cat through ssh ended with ${child.exitCode}.`);
      }
    }
  };
}

async function openMaster(words: readonly string[], cleanUp: CleanUp): Promise<void> {
  const master = spawn('ssh', [...words, '-M', '-N', 'loopback'], { stdio: 'ignore' });
  cleanUp(() => end(master));
  const isUp = async (): Promise<boolean> =>
    run('ssh', [...words, '-O', 'check', 'loopback'], { timeout: UP_TIMEOUT_MS }).then(
      () => true,
      () => false
    );
  if (!(await waitUntil(isUp, UP_TIMEOUT_MS))) {
    throw new BenchError('The kept ssh connection does not come up.');
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    child.kill();
    await exited;
  }
}
