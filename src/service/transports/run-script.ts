import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { IChannel, IChannelSource } from './channel';
import { startDeadline, untilAborted } from './deadline';
import { FramedChannel } from './framed-channel';
import { lostChannelError } from './lost-channel';
import type { RunOptions, RunResult } from './transport';

/** A word that no output contains by chance. */
export const newNonce = (): string => randomBytes(16).toString('hex');

/** Run a script to its end on a channel of its own. */
export async function runScript(
  source: IChannelSource,
  script: string,
  options: RunOptions
): Promise<RunResult> {
  await untilAborted(source.connect(), options.signal);
  const deadline = startDeadline(source.host, options);
  try {
    const channel = await source.open(deadline.signal);
    // Waiting for a turn is not the script's doing: it gets its full time from here.
    deadline.restart();
    return await runOn(channel, source.host, script, { ...options, signal: deadline.signal });
  } finally {
    deadline.stop();
  }
}

async function runOn(
  channel: IChannel,
  host: string,
  script: string,
  options: RunOptions
): Promise<RunResult> {
  const chunks: Buffer[] = [];
  const framed = new FramedChannel(channel, script, newNonce(), bytes => chunks.push(bytes));
  const data = sendData(framed, options.data);
  try {
    const end = await untilAborted(Promise.race([framed.ended, data.failed]), options.signal);
    if (end.status === null) {
      throw lostChannelError(host, options.action, framed, end.exit);
    }
    channel.release();
    return { status: end.status, stdout: Buffer.concat(chunks), stderr: framed.stderr };
  } catch (error) {
    channel.kill(framed.pid);
    throw error;
  } finally {
    data.stop();
  }
}

/** Send what the script reads, once it has begun; `failed` rejects when the data cannot be had. */
function sendData(
  framed: FramedChannel,
  data: Buffer | Readable | undefined
): { failed: Promise<never>; stop(): void } {
  const { stdin } = framed.channel;
  const never = new Promise<never>(() => undefined);
  if (data === undefined) {
    stdin.end();
    return { failed: never, stop: () => undefined };
  }
  if (Buffer.isBuffer(data)) {
    void framed.began.then(hasBegun => hasBegun && stdin.end(data));
    return { failed: never, stop: () => undefined };
  }
  const failed = new Promise<never>((_, reject) => data.once('error', reject));
  // Heard only while the run waits; a stream that is destroyed below may still fail later.
  failed.catch(() => undefined);
  void framed.began.then(hasBegun => hasBegun && data.pipe(stdin));
  const stop = (): void => {
    data.unpipe(stdin);
    data.destroy();
  };
  return { failed, stop };
}
