import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import { SluiceError } from '../../shared/errors';
import { LAST_ENTRY } from './receive-script';
import { sha256 } from './sha256';
import type { ShippedFile } from './shipment';

/** Larger ones go from the disk to the wire without being held. */
const MOST_HELD_BYTES = 2 ** 20;
/** How many files are read ahead. */
const READ_AHEAD = 16;

const PACKET_BYTES = 2 ** 17;

const EARLIEST_S = 10 ** 9;

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
  return new Date((EARLIEST_S + (parseInt(hash.slice(0, 7), 16) % EARLIEST_S)) * 1000);
}

function changed(path: string): SluiceError {
  return new SluiceError('file-changed', { path });
}

async function readOrRefuse(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
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
  offset = 0
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

async function add(archive: Pack, file: ShippedFile, bytes: Buffer | null): Promise<void> {
  const hash = file.sha256 ?? (bytes === null ? '0' : sha256(bytes));
  const mtime = dateOf(hash);
  const header = { name: file.place, size: file.bytes, mode: modeOf(file), mtime };
  if (bytes !== null) {
    // As a stream, which waits until the one before has been taken.
    await new Promise<void>((resolve, reject) => {
      const done = (error?: Error | null): void => (error ? reject(error) : resolve());
      archive.entry(header, done).end(bytes);
    });
    return;
  }
  const { path } = file.content as { path: string };
  await pipeline(checkedBytes(path, file), archive.entry(header));
}

const isHeld = ({ content, bytes }: ShippedFile): boolean =>
  Buffer.isBuffer(content) || bytes <= MOST_HELD_BYTES;

/** In their order, each whole before the next: an archive has no other way. */
async function fill(archive: Pack, files: readonly ShippedFile[]): Promise<void> {
  const ahead = new Map<number, Promise<Buffer | null>>();
  const read = (index: number): void => {
    const file = files[index];
    if (file !== undefined) {
      const bytes = isHeld(file) ? held(file) : Promise.resolve(null);
      // Awaited in its turn.
      bytes.catch(() => undefined);
      ahead.set(index, bytes);
    }
  };
  for (let index = 0; index < READ_AHEAD; index += 1) {
    read(index);
  }
  for (const [index, file] of files.entries()) {
    const bytes = await ahead.get(index);
    ahead.delete(index);
    read(index + READ_AHEAD);
    await add(archive, file, bytes ?? null);
  }
}

/** Small pieces put together: each would be a packet of its own on the wire. */
async function* inPackets(archive: Pack, filled: Promise<Error | null>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(archive, filled)) {
    held.push(chunk);
    bytes += chunk.length;
    if (bytes >= PACKET_BYTES) {
      yield Buffer.concat(held);
      held = [];
      bytes = 0;
    }
  }
  yield Buffer.concat(held);
}

/** What the archive gives; fails as its filling does, however early. */
async function* chunksOf(archive: Pack, filled: Promise<Error | null>): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of archive) {
      yield chunk as Buffer;
    }
  } catch (error) {
    throw (await filled) ?? error;
  }
  const fault = await filled;
  if (fault !== null) {
    throw fault;
  }
}

/**
 * The files as a tar stream, which ends with the mark of a whole one.
 *
 * The stream's errors: `file-changed` for a file that is not what its hash says.
 */
export function tarStreamOf(files: readonly ShippedFile[]): Readable {
  const archive = pack();
  const filled = fill(archive, files).then(
    () => {
      archive.entry({ name: LAST_ENTRY, mode: 0o600, mtime: new Date(0) }, '');
      archive.finalize();
      return null;
    },
    (error: unknown) => {
      // Without the error: nobody may be listening yet.
      archive.destroy();
      return error as Error;
    }
  );
  return Readable.from(inPackets(archive, filled), { objectMode: false });
}

/** The same, in memory. */
export async function tarBytesOf(files: readonly ShippedFile[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of tarStreamOf(files)) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
