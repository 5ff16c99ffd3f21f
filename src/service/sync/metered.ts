import { Readable } from 'node:stream';
import type { TransferProgress } from './transfer-progress';

/** The same bytes, told to whoever looks on. */
export function metered(stream: Readable, meter: TransferProgress): Readable {
  async function* passing(): AsyncGenerator<Buffer> {
    for await (const chunk of stream) {
      meter.add((chunk as Buffer).length);
      yield chunk as Buffer;
    }
  }
  return Readable.from(passing(), { objectMode: false });
}
