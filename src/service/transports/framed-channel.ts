import type { ChannelExit, IChannel } from './channel';
import { type Deferred, deferred } from './deferred';
import { FrameReader } from './frame-reader';
import { LimitedText } from './limited-text';
import { frameScript } from './shell-frame';

/** The end of a framed script: its status, or how the channel went away without one. */
export type FrameEnd = { status: number } | { status: null; exit: ChannelExit };

const BANNER_HALF_BYTES = 512;

/** A script running on a channel, with what it writes told apart from what a login shell prints. */
export class FramedChannel {
  /** Resolves when the script begins and may be sent its data; false when it never will. */
  readonly began: Promise<boolean>;
  /** Resolves when the script has ended and all its output was passed on. */
  readonly ended: Promise<FrameEnd>;
  #pid: number | null = null;
  #status: number | null = null;
  #noiseBytes = 0;
  readonly #stderr = new LimitedText();
  readonly #banner = new LimitedText(BANNER_HALF_BYTES);

  constructor(
    readonly channel: IChannel,
    script: { text: string; hasData: boolean },
    nonce: string,
    onPayload: (bytes: Buffer) => void
  ) {
    const began = deferred<boolean>();
    const stdoutEnd: Deferred<void> = deferred();
    const stderrEnd: Deferred<void> = deferred();
    this.#listen(channel, nonce, {
      onBegin: () => began.resolve(true),
      onPayload,
      onStdoutEnd: () => stdoutEnd.resolve(),
      onStderrEnd: () => stderrEnd.resolve()
    });
    // A script may end without reading its stdin; its status tells how it went.
    channel.stdin.on('error', () => undefined);
    channel.stdin.write(frameScript(script.text, nonce, script.hasData));
    void channel.exited.then(() => began.resolve(false));
    this.began = began.promise;
    this.ended = this.#end(Promise.all([stdoutEnd.promise, stderrEnd.promise]));
  }

  /** The shell's process id, once it has begun. */
  get pid(): number | null {
    return this.#pid;
  }

  /** How much the login printed to stdout before the script began. */
  get noiseBytes(): number {
    return this.#noiseBytes;
  }

  /** What the script wrote to stderr. */
  get stderr(): string {
    return this.#stderr.toString();
  }

  /** What the login printed before the script began: the reason, where it never did. */
  get banner(): string {
    return this.#banner.toString().trim();
  }

  async #end(frames: Promise<unknown>): Promise<FrameEnd> {
    await Promise.race([frames, this.channel.exited]);
    if (this.#status !== null) {
      return { status: this.#status };
    }
    return { status: null, exit: await this.channel.exited };
  }

  #listen(
    channel: IChannel,
    nonce: string,
    on: {
      onBegin: () => void;
      onPayload: (bytes: Buffer) => void;
      onStdoutEnd: () => void;
      onStderrEnd: () => void;
    }
  ): void {
    const stdout = new FrameReader(nonce, {
      onNoise: bytes => {
        this.#noiseBytes += bytes.length;
      },
      onBegin: pid => {
        this.#pid = pid;
        on.onBegin();
      },
      onPayload: on.onPayload,
      onEnd: status => {
        this.#status = status;
        on.onStdoutEnd();
      }
    });
    const stderr = new FrameReader(nonce, {
      onBegin: () => undefined,
      onPayload: bytes => this.#stderr.push(bytes),
      onEnd: on.onStderrEnd
    });
    for (const [stream, reader] of [
      [channel.stdout, stdout],
      [channel.stderr, stderr]
    ] as const) {
      stream.on('data', (chunk: Buffer) => {
        if (this.#pid === null) {
          this.#banner.push(chunk);
        }
        reader.push(chunk);
      });
    }
  }
}
