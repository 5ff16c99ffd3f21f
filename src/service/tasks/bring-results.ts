import { createHash, randomBytes } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '../../shared/errors';
import { shQuote } from '../../shared/sh-quote';
import { sizeWords } from '../../shared/size-words';
import { fetchFile } from '../sync/fetch-file';
import { partPathOf } from '../sync/part-file';
import { untilAborted } from '../transports/deadline';
import type { ITransport } from '../transports/transport';
import type { ResultFile } from './result-rules';

/** What became of a file: where it is here, or why it is not. */
export type BroughtFile = { path: string } | { problem: string; isLocal: boolean };

export type BringOptions = {
  transport: ITransport;
  /** Absolute, there; its files have the names of their hashes. */
  folder: string;
  /** Absolute, here; made where it is not. */
  home: string;
  signal: AbortSignal;
  /** Bytes that have come, of all that were asked for. */
  progress?: (bytes: number) => void;
};

/** Smaller ones come together, in so many bytes at once. */
const BATCH_BYTES = 8 * 2 ** 20;
const BATCH_FILES = 500;
const TIMEOUT_MS = 300_000;

/** What the disk here may say, which asking the target again does not mend. */
const LOCAL_FAULTS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk here is full',
  EDQUOT: 'your quota here is used up',
  EROFS: 'the disk here cannot be written',
  EACCES: 'it may not be written here',
  EIO: 'the disk here fails'
};

/** Why a file could not be kept here; null: the fault is another one. */
export function localProblem(error: unknown, bytes: number, home: string): string | null {
  const words = LOCAL_FAULTS[(error as NodeJS.ErrnoException).code ?? ''];
  return words === undefined
    ? null
    : `there is no room for ${sizeWords(bytes)} in ${home}: ${words}`;
}

/**
 * Bring files of a task's results here: aside, checked against size and hash, on the disk for good, then
 * under their names. One that cannot be had says why and keeps no other from coming; one that came
 * damaged is asked for again once.
 *
 * Errors: those of the way there, and the signal's reason.
 */
export async function bringResults(
  files: readonly ResultFile[],
  options: BringOptions
): Promise<Map<string, BroughtFile>> {
  const brought = new Map<string, BroughtFile>();
  const unique = [...new Map(files.map(file => [file.sha256, file])).values()];
  try {
    await mkdir(options.home, { recursive: true, mode: 0o700 });
  } catch (error) {
    unique.forEach(file => brought.set(file.sha256, problemHere(error, file, options)));
    return brought;
  }
  let done = 0;
  const came = (file: ResultFile, result: BroughtFile): void => {
    brought.set(file.sha256, result);
    done += file.bytes;
    options.progress?.(done);
  };
  const wanted: ResultFile[] = [];
  for (const file of unique) {
    const path = join(options.home, file.sha256);
    if (await isThere(path, file.bytes)) {
      came(file, { path });
    } else {
      wanted.push(file);
    }
  }
  for (const batch of batchesOf(wanted)) {
    for (const [file, result] of await bringBatch(batch, options)) {
      came(file, result);
    }
  }
  for (const file of wanted.filter(({ sha256 }) => !brought.has(sha256))) {
    const base = done;
    came(file, await bringOne(file, options, bytes => options.progress?.(base + bytes)));
  }
  return brought;
}

async function isThere(path: string, bytes: number): Promise<boolean> {
  try {
    const found = await stat(path);
    return found.isFile() && found.size === bytes;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return false;
    }
    throw error;
  }
}

function batchesOf(files: readonly ResultFile[]): ResultFile[][] {
  const batches: ResultFile[][] = [];
  let room = 0;
  for (const file of files.filter(({ bytes }) => bytes <= BATCH_BYTES)) {
    const last = batches.at(-1);
    if (last === undefined || file.bytes > room || last.length >= BATCH_FILES) {
      batches.push([file]);
      room = BATCH_BYTES - file.bytes;
    } else {
      last.push(file);
      room -= file.bytes;
    }
  }
  return batches;
}

/** Several small ones in one stream; those that it does not give whole are left for {@link bringOne}. */
async function bringBatch(
  batch: readonly ResultFile[],
  options: BringOptions
): Promise<[ResultFile, BroughtFile][]> {
  const bytes = await readBatch(batch, options);
  const brought: [ResultFile, BroughtFile][] = [];
  let at = 0;
  for (const file of batch) {
    const piece = bytes.subarray(at, (at += file.bytes));
    if (piece.length !== file.bytes || hashOf(piece) !== file.sha256) {
      break;
    }
    brought.push([file, await store(piece, file, options)]);
  }
  return brought;
}

const hashOf = (piece: Buffer): string => createHash('sha256').update(piece).digest('hex');

async function readBatch(
  batch: readonly ResultFile[],
  { transport, folder, signal }: BringOptions
): Promise<Buffer> {
  const total = batch.reduce((sum, { bytes }) => sum + bytes, 0);
  const names = batch.map(({ sha256 }) => sha256).join(' ');
  // What is no ordinary file could hold `cat` up for ever.
  const script = [
    `cd ${shQuote(folder)} || exit`,
    `for f in ${names}; do [ -f "$f" ] || exit 66; done`,
    `exec cat -- ${names}`
  ].join('\n');
  const action = 'fetch the results';
  const stream = await transport.stream(script, { action, timeoutMs: TIMEOUT_MS });
  const seconds = TIMEOUT_MS / 1000;
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort(new SluiceError('remote-timeout', { host: transport.host, action, seconds }));
  }, TIMEOUT_MS);
  const stop = AbortSignal.any([signal, late.signal]);
  try {
    const bytes = await untilAborted(readUpTo(stream.output, total), stop);
    if (bytes.length < total && (await untilAborted(stream.closed, stop)) === null) {
      const problem = 'it ended while results came';
      throw new SluiceError('connection-lost', { host: transport.host, problem });
    }
    return bytes;
  } finally {
    clearTimeout(timer);
    stream.close();
  }
}

/** No more than was asked for, whatever comes. */
async function readUpTo(output: AsyncIterable<unknown>, total: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of output) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length >= total) {
      break;
    }
  }
  return Buffer.concat(chunks).subarray(0, total);
}

async function store(piece: Buffer, file: ResultFile, options: BringOptions): Promise<BroughtFile> {
  const path = join(options.home, file.sha256);
  const aside = `${path}.${randomBytes(4).toString('hex')}.new`;
  try {
    await writeFile(aside, piece, { mode: 0o600, flag: 'wx', flush: true });
    await rename(aside, path);
    return { path };
  } catch (error) {
    await rm(aside, { force: true });
    return problemHere(error, file, options);
  }
}

async function bringOne(
  file: ResultFile,
  options: BringOptions,
  progress: (bytes: number) => void
): Promise<BroughtFile> {
  const { transport, folder, home, signal } = options;
  const { sha256, bytes } = file;
  const to = join(home, sha256);
  const expected = { bytes, sha256 };
  try {
    await fetchFile({ transport, path: `${folder}/${sha256}`, to, expected, signal, progress });
    return { path: to };
  } catch (error) {
    if (signal.aborted || (error instanceof SluiceError && error.entry.family === 'ssh')) {
      throw error;
    }
    if (error instanceof SluiceError) {
      return { problem: problemThere(error, file, transport.host), isLocal: false };
    }
    await rm(partPathOf(to), { force: true });
    return problemHere(error, file, options);
  }
}

function problemThere(error: SluiceError, { sha256 }: ResultFile, host: string): string {
  const words =
    error.details['missing'] === true
      ? 'is not there any more'
      : 'is not what the worker wrote; the disk there may be full';
  return `its file ${sha256.slice(0, 12)}… on ${host} ${words}`;
}

function problemHere(error: unknown, { bytes }: ResultFile, { home }: BringOptions): BroughtFile {
  const problem = localProblem(error, bytes, home);
  if (problem === null) {
    throw error;
  }
  return { problem, isLocal: true };
}
