import { PassThrough, type Readable } from 'node:stream';
import type { IChannelSource } from './channel';
import { startDeadline, untilAborted } from './deadline';
import { FramedChannel } from './framed-channel';
import { lostChannelError } from './lost-channel';
import { newNonce } from './run-script';
import type { IRemoteStream } from './transport';

/** How long a script may go on after it was sent end of file. */
const CLOSE_GRACE_MS = 5000;

/** Start a script that lives as long as its channel. */
export async function openStream(
  source: IChannelSource,
  script: string,
  options: { action: string; timeoutMs: number }
): Promise<IRemoteStream> {
  await source.connect();
  const deadline = startDeadline(source.host, options);
  try {
    const channel = await source.open(deadline.signal);
    deadline.restart();
    const output = new PassThrough();
    const framed = new FramedChannel(
      channel,
      { text: script, hasData: true },
      newNonce(),
      bytes => {
        if (!output.write(bytes)) {
          channel.stdout.pause();
          output.once('drain', () => channel.stdout.resume());
        }
      }
    );
    await beginning(framed, source.host, options.action, deadline.signal);
    return new RemoteStream(framed, output);
  } finally {
    deadline.stop();
  }
}

async function beginning(
  framed: FramedChannel,
  host: string,
  action: string,
  signal: AbortSignal
): Promise<void> {
  try {
    if (!(await untilAborted(framed.began, signal))) {
      throw lostChannelError(host, action, framed, await framed.channel.exited);
    }
  } catch (error) {
    framed.channel.kill(framed.pid);
    throw error;
  }
}

class RemoteStream implements IRemoteStream {
  readonly output: Readable;
  readonly closed: Promise<number | null>;
  #grace: NodeJS.Timeout | undefined;

  constructor(
    private readonly framed: FramedChannel,
    output: PassThrough
  ) {
    this.output = output;
    this.closed = framed.ended.then(end => {
      clearTimeout(this.#grace);
      output.end();
      framed.channel.release();
      return end.status;
    });
  }

  write(text: string): void {
    this.framed.channel.stdin.write(text);
  }

  close(): void {
    const { channel, pid } = this.framed;
    channel.stdin.end();
    // What nobody reads any more must not keep the script from ending.
    this.output.resume();
    this.#grace ??= setTimeout(() => channel.kill(pid), CLOSE_GRACE_MS).unref();
  }
}
