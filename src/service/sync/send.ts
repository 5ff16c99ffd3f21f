import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import { SluiceError } from '../../shared/errors';
import { sizeWords } from '../../shared/size-words';
import type { ITransport, RunResult } from '../transports/transport';
import { buildAsk, buildReceive, LAST_ENTRY, parseAsk } from './ask-script';
import type { Parcel, ShippedFile } from './shipment';

export type SendOptions = {
  transport: ITransport;
  root: string;
  parcels: readonly Parcel[];
  /** A fresh word for the directory of this upload. */
  nonce: string;
  /** Text of sh that asks something else of the host in the same breath. */
  alsoAsk?: string;
  signal: AbortSignal;
  progress: (words: string) => void;
};

export type Sent = {
  files: number;
  bytes: number;
  /** What the host wrote to the question, that of `alsoAsk` within it. */
  said: string;
};

const ASK_TIMEOUT_MS = 60_000;
/** A floor, and a rate below which a link counts as dead. */
const SEND_TIMEOUT_MS = 120_000;
const SLOWEST_BYTES_PER_MS = 20;

function mode(file: ShippedFile): number {
  const sealed = file.place.startsWith('blobs/') ? 0o400 : 0o600;
  return file.executable ? sealed | 0o100 : sealed;
}

async function addFile(archive: Pack, file: ShippedFile): Promise<void> {
  const header = { name: file.place, size: file.bytes, mode: mode(file), mtime: new Date(0) };
  const { content } = file;
  if (Buffer.isBuffer(content)) {
    archive.entry(header, content);
    return;
  }
  await pipeline(createReadStream(content.path), archive.entry(header));
}

async function fill(archive: Pack, files: readonly ShippedFile[]): Promise<void> {
  try {
    for (const file of files) {
      await addFile(archive, file);
    }
    archive.entry({ name: LAST_ENTRY, mtime: new Date(0) }, '');
    archive.finalize();
  } catch (error) {
    archive.destroy(error as Error);
  }
}

function refuse(options: SendOptions, result: RunResult): SluiceError {
  const { transport, root } = options;
  const problem = result.stderr.trim().slice(0, 2000) || `exit status ${result.status}`;
  return new SluiceError('upload-failed', { host: transport.host, root, problem });
}

/** One question: which of the parcels the host lacks, and what else there is to ask. */
async function ask(options: SendOptions): Promise<{ missing: Parcel[]; said: string }> {
  const { transport, root, parcels, alsoAsk = '', signal } = options;
  const places = parcels.map(parcel => parcel.place);
  // The exit status is that of the first part alone.
  const script = [buildAsk(root, places), alsoAsk, 'true'].join('\n');
  const action = 'ask what is there already';
  const result = await transport.run(script, { action, timeoutMs: ASK_TIMEOUT_MS, signal });
  if (result.status !== 0) {
    throw refuse(options, result);
  }
  const said = result.stdout.toString();
  const missing = new Set(parseAsk(said));
  return { missing: parcels.filter(parcel => missing.has(parcel.place)), said };
}

/**
 * Bring every parcel that the host lacks there, in one stream; what is there is not sent again.
 *
 * Errors: `upload-failed`, and those of the transport.
 */
export async function send(options: SendOptions): Promise<Sent> {
  const { transport, root, nonce, signal, progress } = options;
  const { missing, said } = await ask(options);
  if (missing.length === 0) {
    return { files: 0, bytes: 0, said };
  }
  const files = (await Promise.all(missing.map(parcel => parcel.files()))).flat();
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  progress(`sending ${files.length} files, ${sizeWords(bytes)}`);
  const archive = pack();
  const filling = fill(archive, files);
  const script = buildReceive(
    root,
    nonce,
    missing.map(parcel => parcel.place)
  );
  const timeoutMs = SEND_TIMEOUT_MS + bytes / SLOWEST_BYTES_PER_MS;
  const action = 'send files';
  // tar-stream's own kind of stream, as one of Node's.
  const data = Readable.from(archive);
  const result = await transport.run(script, { action, timeoutMs, data, signal });
  archive.destroy();
  await filling;
  if (result.status !== 0) {
    throw refuse(options, result);
  }
  return { files: files.length, bytes, said };
}
