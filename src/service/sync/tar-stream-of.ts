import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { type Header, pack } from 'tar-stream';
import { SluiceError } from '../../shared/errors';
import { localOrRemoteDisk } from './disk-calls';
import { LAST_ENTRY } from './receive-script';
import { sha256 } from './sha256';
import type { ShippedFile } from './shipment';

/** How many files are read ahead. */
const READ_AHEAD = 16;

const PACKET_BYTES = 2 ** 17;
const BLOCK_BYTES = 512;

/** All dates lie in the past: 28 bits of seconds from 2001 on. */
const EARLIEST_S = 10 ** 9;

const disk = localOrRemoteDisk();

function modeOf({ place, executable }: ShippedFile): number {
  const isSealed = place.startsWith('blobs/') || place.startsWith('snapshots/');
  const mode = isSealed ? 0o400 : 0o600;
  return executable ? mode | 0o100 : mode;
}

/**
 * Python takes a compiled module for that of a source of the same size and date: so files of other
 * contents have other dates, and clocks do not matter.
 */
function dateOf(hash: string): Date {
  return new Date((EARLIEST_S + parseInt(hash.slice(0, 7), 16)) * 1000);
}

function changed(path: string): SluiceError {
  return new SluiceError('file-changed', { path });
}

function asBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}

async function readOrRefuse(path: string): Promise<Buffer> {
  try {
    return asBuffer(await disk.read(path));
  } catch (cause) {
    throw new SluiceError('file-changed', { path }, { cause });
  }
}

/** A small file's bytes, which are what they should be; one that was just written is read again once. */
async function held(file: ShippedFile): Promise<Buffer> {
  const { content, sha256: wanted } = file;
  if (Buffer.isBuffer(content)) {
    return content;
  }
  for (const isLast of [false, true]) {
    const bytes = await readOrRefuse(content.path);
    if (bytes.length === file.bytes && (wanted === undefined || sha256(bytes) === wanted)) {
      return bytes;
    }
    if (isLast) {
      break;
    }
  }
  throw changed(content.path);
}

/** Bytes of a file from an offset on, which fail at their end when the whole is not as wanted. */
export function checkedBytes(
  path: string,
  { bytes, sha256: wanted }: { bytes: number; sha256?: string | undefined },
  { offset = 0, onBytes = () => undefined }: { offset?: number; onBytes?: (count: number) => void }
): Readable {
  const hash = createHash('sha256');
  let seen = 0;
  const origin = createReadStream(path, { highWaterMark: 2 ** 18 });
  const check = new Transform({
    highWaterMark: 2 ** 18,
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      const skipped = Math.min(chunk.length, Math.max(0, offset - seen));
      seen += chunk.length;
      onBytes(chunk.length - skipped);
      // Never more than was announced.
      done(seen > bytes ? changed(path) : null, chunk.subarray(skipped));
    },
    flush(done) {
      const isWhole = seen === bytes && (wanted === undefined || hash.digest('hex') === wanted);
      done(isWhole ? null : changed(path));
    }
  });
  origin.once('error', () => check.destroy(changed(path)));
  check.once('close', () => origin.destroy());
  return origin.pipe(check);
}

function headerOf(file: ShippedFile, bytes: Buffer): Partial<Header> & { name: string } {
  const mtime = dateOf(file.sha256 ?? sha256(bytes));
  return { name: file.place, size: bytes.length, mode: modeOf(file), mtime };
}

/** Their bytes in their order, some read ahead: a disk far away answers several at once. */
async function* readInTurn(files: readonly ShippedFile[]): AsyncGenerator<[ShippedFile, Buffer]> {
  const ahead: Promise<Buffer>[] = [];
  const begin = (file: ShippedFile | undefined): void => {
    if (file !== undefined) {
      const bytes = held(file);
      // Heard in its turn.
      bytes.catch(() => undefined);
      ahead.push(bytes);
    }
  };
  files.slice(0, READ_AHEAD).forEach(begin);
  for (const [index, file] of files.entries()) {
    const bytes = await ahead.shift();
    begin(files[index + READ_AHEAD]);
    if (bytes !== undefined) {
      yield [file, bytes];
    }
  }
}

/** Packets of some size: each entry alone would be several small ones on the wire. */
async function* packetsOf(files: readonly ShippedFile[]): AsyncGenerator<Buffer> {
  const archive = pack();
  let chunks: Buffer[] = [];
  archive.on('data', chunk => void chunks.push(chunk as Buffer));
  const ended = once(archive, 'end');
  const take = (): Buffer => {
    const packet = Buffer.concat(chunks);
    chunks = [];
    return packet;
  };
  let bytes = 0;
  for await (const [file, content] of readInTurn(files)) {
    archive.entry(headerOf(file, content), content);
    bytes += content.length + BLOCK_BYTES;
    if (bytes >= PACKET_BYTES) {
      bytes = 0;
      // The archive hands on what it has before that.
      await setImmediate();
      yield take();
    }
  }
  archive.entry({ name: LAST_ENTRY, mode: 0o600, mtime: new Date(0) }, '');
  archive.finalize();
  await ended;
  yield take();
}

/**
 * The files, none of them large, as a tar stream, which ends with the mark of a whole one.
 *
 * The stream's errors: `file-changed` for a file that is not what its hash says.
 */
export function tarStreamOf(files: readonly ShippedFile[]): Readable {
  return Readable.from(packetsOf(files), { objectMode: false });
}

/** The same, in memory. */
export async function tarBytesOf(files: readonly ShippedFile[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of tarStreamOf(files)) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
