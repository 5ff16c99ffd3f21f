import type { Readable, Writable } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import type { ChannelExit, IChannel } from '../channel';
import { afterMs, untilAborted } from '../deadline';
import { killGroupScript } from '../kill-group-script';
import type { Ssh2Link } from './ssh2-link';

/** The one command that a login shell ever sees: it means the same in all of them. */
export const SHELL_COMMAND = 'exec /bin/sh';

/** How long the end of a shell may be in coming after the end of its script. */
const RELEASE_GRACE_MS = 5000;

/** A session channel of ssh2. */
export class Ssh2Channel implements IChannel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly exited: Promise<ChannelExit>;
  readonly #shellEnded: Promise<void>;
  #isGone = false;
  #killing: Promise<void> | null = null;

  constructor(
    private readonly link: Ssh2Link,
    private readonly channel: ClientChannel,
    private readonly killGroup: (pid: number) => Promise<void>
  ) {
    this.stdin = channel;
    this.stdout = channel;
    this.stderr = channel.stderr;
    this.#shellEnded = new Promise(resolve => {
      channel.once('exit', () => resolve());
    });
    this.exited = new Promise(resolve => {
      channel.once('close', (status: number | null | undefined) => {
        this.#isGone = true;
        resolve(this.#exit(status));
      });
    });
  }

  /** Whether a script may still be sent: neither side has ended it. */
  get isUsable(): boolean {
    return !this.#isGone && this.channel.writable && !this.channel.writableEnded;
  }

  /** Resolves when the server has no session of it any more, as far as that can be brought about. */
  async freed(): Promise<void> {
    await this.exited;
    await this.#killing;
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
    // To sshd the session lasts until it has seen the shell end: closed before, it would still count.
    void Promise.race([this.#shellEnded, afterMs(RELEASE_GRACE_MS)]).then(() => this.#close());
    this.stdin.end();
    this.#drain();
  }

  #close(): void {
    this.channel.close();
    this.#drain();
  }

  /** ssh2 tells of the end only when all was read. */
  #drain(): void {
    this.stdout.resume();
    this.stderr.resume();
  }

  kill(pid: number | null): void {
    if (this.#isGone || this.#killing !== null) {
      return;
    }
    // sshd passes it on to the process group, but not for forced commands, nor for root.
    this.channel.signal('KILL');
    this.#close();
    // sshd keeps the session until the process is gone, so its turn is not given back before.
    this.#killing = pid === null ? Promise.resolve() : this.killGroup(pid);
  }
}

const KILL_TIMEOUT_MS = 15_000;

/** End a script over a session of its own, since closing a channel ends nothing. */
export async function killRemoteGroup(client: Client, pid: number): Promise<void> {
  const done = new Promise<void>(resolve => {
    client.exec(SHELL_COMMAND, (error, channel) => {
      if (error !== undefined) {
        resolve();
        return;
      }
      channel.once('close', () => resolve()).resume();
      channel.stderr.resume();
      channel.end(killGroupScript(pid));
    });
  });
  // Without a session or a link there is no way to the script: its own end must do.
  await untilAborted(done, AbortSignal.timeout(KILL_TIMEOUT_MS)).catch(() => undefined);
}
