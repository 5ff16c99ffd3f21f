import { SluiceError } from '../../shared/errors';
import { arrived, type LoneFile } from './consignment';
import { type ArrivedPart, buildAppend } from './receive-script';
import type { Sending } from './send-options';
import { sendRefusal } from './send-refusal';
import { sendTimeoutMs } from './send-timeout';
import { checkedBytes } from './tar-stream-of';
import type { TransferProgress } from './transfer-progress';

/** Bring the rest of a large file beside its place; one that changed meanwhile is taken again once. */
export async function sendLargeFile(
  sending: Sending,
  file: LoneFile,
  meter: TransferProgress
): Promise<ArrivedPart> {
  try {
    return await append(sending, file, meter);
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'file-changed') {
      return append(sending, { ...file, offset: 0 }, meter);
    }
    throw error;
  }
}

async function append(
  sending: Sending,
  file: LoneFile,
  meter: TransferProgress
): Promise<ArrivedPart> {
  const { transport, root, signal } = sending;
  const { path, part, bytes, offset } = file;
  if (offset < bytes) {
    const data = checkedBytes(path, file, { offset, onBytes: count => meter.add(count) });
    const timeoutMs = sendTimeoutMs(bytes - offset);
    const how = { action: 'send a file', timeoutMs, data, signal };
    const result = await transport.run(buildAppend(root, part, offset), how);
    if (result.status !== 0) {
      throw sendRefusal(sending, result, bytes);
    }
  }
  return arrived(file);
}
