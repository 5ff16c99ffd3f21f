import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { SSH_ALIAS } from '../../testbed/ssh-conf.ts';
import { waitUntil } from '../../testbed/wait-until.ts';
import { BenchError } from '../bench-error.ts';
import { LineProcess } from '../line-process.ts';

const run = promisify(execFile);
const UP_TIMEOUT_MS = 10_000;
const COMMAND_TIMEOUT_MS = 20_000;

/** One kept connection of OpenSSH, through which each command is a session of its own. */
export class KeptSsh {
  readonly #words: readonly string[];
  readonly #master: LineProcess;

  private constructor(words: readonly string[], master: LineProcess) {
    this.#words = words;
    this.#master = master;
  }

  /** Connects, and returns once the connection stands. `dir` must be short: a socket lies there. */
  static async open(sshConfig: string, dir: string): Promise<KeptSsh> {
    const words = ['-F', sshConfig, '-o', `ControlPath=${join(dir, 'm')}`];
    const child = spawn('ssh', [...words, '-M', '-N', SSH_ALIAS], {
      stdio: ['ignore', 'ignore', 'pipe']
    });
    const ssh = new KeptSsh(words, new LineProcess('ssh', child));
    const isUp = async (): Promise<boolean> => {
      const check = run('ssh', [...words, '-O', 'check', SSH_ALIAS], { timeout: UP_TIMEOUT_MS });
      return check.then(
        () => true,
        () => false
      );
    };
    if (!(await waitUntil(isUp, UP_TIMEOUT_MS))) {
      await ssh.close();
      throw new BenchError('The kept ssh connection to the testbed does not come up.');
    }
    return ssh;
  }

  /** Starts a command there; the caller ends it. */
  spawn(command: string): ChildProcess {
    return spawn('ssh', [...this.#words, SSH_ALIAS, command], { stdio: ['pipe', 'pipe', 'pipe'] });
  }

  /** Runs a command there to its end and gives its stdout. */
  async run(command: string): Promise<string> {
    const words = [...this.#words, '-n', SSH_ALIAS, command];
    return (await run('ssh', words, { timeout: COMMAND_TIMEOUT_MS })).stdout;
  }

  async close(): Promise<void> {
    await this.#master.end();
  }
}
