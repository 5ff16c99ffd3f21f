import type { Readable, Writable } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import type { ChannelExit, IChannel } from './channel';
import type { Ssh2Link } from './ssh2-link';

/** The one command that a login shell ever sees: it means the same in all of them. */
export const SHELL_COMMAND = 'exec /bin/sh';

/** A session channel of ssh2. */
export class Ssh2Channel implements IChannel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly exited: Promise<ChannelExit>;
  #isGone = false;

  constructor(
    private readonly link: Ssh2Link,
    private readonly channel: ClientChannel
  ) {
    this.stdin = channel;
    this.stdout = channel;
    this.stderr = channel.stderr;
    this.exited = new Promise(resolve => {
      channel.once('close', (status: number | null | undefined) => {
        this.#isGone = true;
        resolve(this.#exit(status));
      });
    });
  }

  async #exit(status: number | null | undefined): Promise<ChannelExit> {
    if (status !== undefined) {
      return { status };
    }
    // No status: either the link is going down, which is told in the same moment, or it was closed.
    const cause = await Promise.race([this.link.gone, new Promise(done => setImmediate(done))]);
    return { status: null, cause };
  }

  release(): void {
    this.channel.close();
    // ssh2 tells of the end only when all was read.
    this.stdout.resume();
    this.stderr.resume();
  }

  kill(pid: number | null): void {
    if (this.#isGone) {
      return;
    }
    // sshd passes it on to the process group, but not for forced commands, nor for root.
    this.channel.signal('KILL');
    this.release();
    if (pid !== null) {
      killGroupOf(pid, this.link.client);
    }
  }
}

/** End a script over a channel of its own, since closing a channel ends nothing. */
function killGroupOf(pid: number, client: Client): void {
  const script = [
    `group=$(ps -o pgid= -p ${pid} 2>/dev/null | tr -d ' ')`,
    // Without `--`, which dash takes for a number.
    `kill -9 "-\${group:-${pid}}" 2>/dev/null`,
    'exit\n'
  ].join('\n');
  try {
    client.exec(SHELL_COMMAND, (error, channel) => {
      // Without a session there is nothing more to try: the script's own end must do.
      if (error === undefined) {
        channel.on('error', () => undefined).resume();
        channel.stderr.resume();
        channel.end(script);
      }
    });
  } catch {
    // ssh2 throws when the link is down; then there is no way to the script.
  }
}
