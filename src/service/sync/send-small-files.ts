import { pipeline, type Readable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import type { RunResult } from '../transports/transport';
import { buildEnter } from './ask-script';
import type { Consignment } from './consignment';
import { inlineBytes } from './inline-tar';
import { isWorthGzip } from './is-worth-gzip';
import { metered } from './metered';
import { type ArrivedPart, buildReceive } from './receive-script';
import type { Sending } from './send-options';
import { sendTimeoutMs } from './send-timeout';
import type { ShippedFile } from './shipment';
import { tarBytesOf, tarStreamOf } from './tar-stream-of';
import type { TransferProgress } from './transfer-progress';

const DISCARD_TIMEOUT_MS = 15_000;
/** Of so little a tar is a part of the script. */
const MOST_INLINE_BYTES = 64 * 1024;
const GZIP_CHUNK_BYTES = 2 ** 17;

type Packed = { unpack: string; data?: Readable };

/** Send the small files in one stream, and have everything published. */
export async function sendSmallFiles(
  sending: Sending,
  consignment: Consignment,
  how: { parts: ArrivedPart[]; hasGzip: boolean; meter: TransferProgress }
): Promise<RunResult> {
  const { transport, signal } = sending;
  const bytes = consignment.files.reduce((sum, file) => sum + file.bytes, 0);
  const { unpack, ...data } = await packed(consignment.files, { ...how, bytes });
  const word = sending.newWord();
  const script = receiveText(sending, { consignment, parts: how.parts, unpack, word });
  const options = { action: 'send files', timeoutMs: sendTimeoutMs(bytes), signal, ...data };
  try {
    return await transport.run(script, options);
  } catch (error) {
    await discard(sending, word);
    throw error;
  }
}

/** The script that unpacks and publishes a consignment. */
export function receiveText(
  { root, replaced }: Sending,
  how: { consignment: Consignment; parts: ArrivedPart[]; unpack: string; word: string }
): string {
  const { consignment, parts, unpack, word } = how;
  const delivery = { ...consignment.delivery, root, parts, nonce: word };
  return buildReceive({ ...delivery, replaced: [...replaced] }, unpack);
}

async function packed(
  files: readonly ShippedFile[],
  how: { bytes: number; hasGzip: boolean; meter: TransferProgress }
): Promise<Packed> {
  const inline = how.bytes > MOST_INLINE_BYTES ? null : inlineBytes(await tarBytesOf(files));
  if (inline !== null) {
    return { unpack: inline };
  }
  const tar = metered(tarStreamOf(files), how.meter);
  return how.hasGzip && (await isWorthGzip(files))
    ? { unpack: 'gzip -dc |', data: gzipped(tar) }
    : { unpack: '', data: tar };
}

/** In a thread of Node's; an error of the origin becomes its own. */
function gzipped(origin: Readable): Readable {
  const gzip = createGzip({ level: constants.Z_BEST_SPEED, chunkSize: GZIP_CHUNK_BYTES });
  return pipeline(origin, gzip, () => undefined);
}

/** What was ended from here cannot tidy up behind itself; where that fails, the cleaner will. */
async function discard({ transport, root, signal }: Sending, word: string): Promise<void> {
  if (signal.aborted && transport.connection.state === 'connected') {
    const script = `${buildEnter(root)}\nrm -rf incoming/${word}`;
    const how = { action: 'discard', timeoutMs: DISCARD_TIMEOUT_MS };
    await transport.run(script, how).catch(() => undefined);
  }
}
