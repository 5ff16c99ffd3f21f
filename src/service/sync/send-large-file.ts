import { SluiceError } from '../../shared/errors';
import { arrived, type LoneFile } from './consignment';
import { type ArrivedPart, BAD_PART, buildAppend } from './receive-script';
import type { Sending } from './send-options';
import { sendRefusal } from './send-refusal';
import { sendTimeoutMs } from './send-timeout';
import { checkedBytes } from './tar-stream-of';
import type { TransferProgress } from './transfer-progress';

/**
 * Bring the rest of a large file beside its place; one that changed meanwhile is taken again once.
 * Null: what is there of it is not what was found, as the last bytes of an earlier try came late.
 */
export async function sendLargeFile(
  sending: Sending,
  file: LoneFile,
  how: { meter: TransferProgress; isLast: boolean }
): Promise<ArrivedPart | null> {
  try {
    return await append(sending, file, how);
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'file-changed') {
      return append(sending, { ...file, offset: 0 }, how);
    }
    throw error;
  }
}

async function append(
  sending: Sending,
  file: LoneFile,
  how: { meter: TransferProgress; isLast: boolean }
): Promise<ArrivedPart | null> {
  const { transport, root, signal } = sending;
  const { path, part, bytes, offset } = file;
  if (offset < bytes) {
    const data = checkedBytes(path, file, { offset, onBytes: count => how.meter.add(count) });
    const timeoutMs = sendTimeoutMs(bytes - offset);
    const options = { action: 'send a file', timeoutMs, data, signal };
    const result = await transport.run(buildAppend(root, part, offset), options);
    if (result.status === BAD_PART && !how.isLast) {
      return null;
    }
    if (result.status !== 0) {
      throw sendRefusal(sending, result, bytes);
    }
  }
  return arrived(file);
}
