import { randomBytes } from 'node:crypto';
import type { IChannel, IChannelSource } from './channel';
import { startDeadline, untilAborted } from './deadline';
import { FramedChannel } from './framed-channel';
import { lostChannelError } from './lost-channel';
import { ScriptData } from './script-data';
import type { RunOptions, RunResult } from './transport';

/** A word that no output contains by chance. */
export const newNonce = (): string => randomBytes(16).toString('hex');

/** Run a script to its end on a channel of its own. */
export async function runScript(
  source: IChannelSource,
  script: string,
  options: RunOptions
): Promise<RunResult> {
  const data = new ScriptData(options.data);
  try {
    await untilAborted(Promise.race([source.connect(options.signal), data.failed]), options.signal);
    const deadline = startDeadline(source.host, options);
    try {
      const channel = await source.open(deadline.signal);
      // Waiting for a turn is not the script's doing: it gets its full time from here.
      deadline.restart();
      return await runOn(channel, source.host, script, {
        ...options,
        data,
        signal: deadline.signal
      });
    } finally {
      deadline.stop();
    }
  } finally {
    data.stop();
  }
}

async function runOn(
  channel: IChannel,
  host: string,
  script: string,
  options: { action: string; data: ScriptData; signal: AbortSignal }
): Promise<RunResult> {
  const { action, data, signal } = options;
  const chunks: Buffer[] = [];
  const framed = new FramedChannel(
    channel,
    { text: script, hasData: data.isThere },
    newNonce(),
    bytes => chunks.push(bytes)
  );
  void framed.began.then(hasBegun => {
    if (hasBegun) {
      data.sendTo(channel.stdin);
    }
  });
  try {
    const end = await untilAborted(Promise.race([framed.ended, data.failed]), signal);
    if (end.status === null) {
      throw lostChannelError(host, action, framed, end.exit);
    }
    channel.release();
    const { stderr, noiseBytes } = framed;
    const result = { status: end.status, stdout: Buffer.concat(chunks), stderr };
    return noiseBytes > 0 ? { ...result, noiseBytes } : result;
  } catch (error) {
    channel.kill(framed.pid);
    throw error;
  }
}
