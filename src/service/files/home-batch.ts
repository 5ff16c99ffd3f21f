import { posix } from 'node:path';
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { SluiceError } from '../../shared/errors';
import { shQuote } from '../../shared/sh-quote';
import { sha256 } from '../sync/sha256';
import { untilAborted } from '../transports/deadline';
import type { IRemoteStream, ITransport } from '../transports/transport';

/** A small file that is wanted: its path below the folder that is read from, and its size there. */
export type Wanted = { path: string; bytes: number };

/** What became of one; `content` is as long and has the hash that the host told. */
export type Arrival =
  | { path: string; content: Buffer; sha256: string }
  | { path: string; problem: string; isGone: boolean; nowBytes?: number };

export type BatchOptions = {
  transport: ITransport;
  /** Absolute path there. */
  folder: string;
  wanted: readonly Wanted[];
  signal: AbortSignal;
};

/** Why a file stays where it is that is not as it was listed. */
export const CHANGED = 'it has changed since it was listed; fetch it again to have it as it is now';

export const MOST_BATCH_FILES = 500;
export const MOST_BATCH_BYTES = 32 * 2 ** 20;
const MOST_BATCH_NAMES = 100_000;
const START_TIMEOUT_MS = 60_000;
const SILENCE_MS = 120_000;
const NO_FOLDER = 66;
const MOST_HEAD_BYTES = 4 * 2 ** 20;
/** Between the hashes and the archive: no line of the hashes is empty. */
const BORDER = Buffer.from('\n\n');

/** As many of the first files as one stream takes. */
export function cutBatch<T extends Wanted>(files: readonly T[]): T[] {
  let bytes = 0;
  let names = 0;
  const end = files.findIndex((file, at) => {
    bytes += file.bytes;
    names += Buffer.byteLength(file.path);
    const isOver = bytes > MOST_BATCH_BYTES || names > MOST_BATCH_NAMES || at >= MOST_BATCH_FILES;
    return isOver && at > 0;
  });
  return files.slice(0, end === -1 ? files.length : end);
}

/** One process hashes them all, one sends them all; what is no ordinary file any more is passed over. */
export function buildBatch(folder: string, paths: readonly string[]): string {
  const names = paths.map(path => shQuote(`./${path}`)).join(' ');
  return [
    `cd ${shQuote(folder)} 2>/dev/null || exit ${NO_FOLDER}`,
    `set -- ${names}`,
    'n=$#',
    'while [ "$n" -gt 0 ]; do',
    '  f=$1; shift; n=$((n - 1))',
    '  [ ! -f "$f" ] || [ -L "$f" ] || set -- "$@" "$f"',
    'done',
    'echo hashes',
    'if [ "$#" -gt 0 ]; then',
    '  if command -v sha256sum >/dev/null 2>&1; then sha256sum -- "$@"',
    '  else shasum -a 256 -- "$@"; fi',
    'fi',
    'printf "\\n"',
    '[ "$#" -eq 0 ] || exec tar -cf - -- "$@"'
  ].join('\n');
}

/** Path and hash of each line of `sha256sum`, which writes a backslash where it escaped a name. */
export function parseHashes(text: string): Map<string, string> {
  const hashes = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^(\\?)([0-9a-f]{64}) [ *](.+)$/.exec(line);
    if (match !== null) {
      const [, escaped, hash = '', name = ''] = match;
      const plain = escaped === '' ? name : name.replaceAll('\\\\', '\\');
      hashes.set(posix.normalize(plain), hash);
    }
  }
  return hashes;
}

/**
 * Bring small files in one stream, each as soon as it is whole. One that is not as large as it was
 * listed, or not what was hashed, is told as a problem; nothing that was not asked for is kept.
 *
 * Errors: `download-failed` (`details.missing` when the folder is gone), those of the transport, and
 * the signal's reason.
 */
export async function* fetchBatch(options: BatchOptions): AsyncGenerator<Arrival> {
  const { transport, folder, wanted, signal } = options;
  signal.throwIfAborted();
  const action = `fetch ${wanted.length} files`;
  const script = buildBatch(
    folder,
    wanted.map(({ path }) => path)
  );
  const stream = await transport.stream(script, { action, timeoutMs: START_TIMEOUT_MS });
  const watch = new Watch(transport.host, action, signal);
  try {
    const seen = yield* readBatch(stream, options, watch);
    const status = await untilAborted(stream.closed, watch.signal);
    refuse(status, options, seen.size);
    for (const { path } of wanted) {
      if (!seen.has(path)) {
        yield { path, problem: 'it is not there any more', isGone: true };
      }
    }
  } finally {
    watch.stop();
    stream.close();
  }
}

async function* readBatch(
  stream: IRemoteStream,
  options: BatchOptions,
  watch: Watch
): AsyncGenerator<Arrival, Set<string>> {
  const sizes = new Map(options.wanted.map(({ path, bytes }) => [path, bytes]));
  const seen = new Set<string>();
  const parts = splitHead(stream.output, watch);
  const head = await parts.next();
  const hashes = parseHashes(head.done === true ? '' : head.value.toString('utf8'));
  const entries = extract();
  const source = Readable.from(parts);
  source.on('error', error => entries.destroy(error));
  source.pipe(entries);
  try {
    for await (const entry of entries) {
      const path = posix.normalize(entry.header.name);
      const { size } = entry.header;
      const isFile = entry.header.type === 'file';
      const isWanted = isFile && sizes.get(path) === size && !seen.has(path);
      const content = await collect(entry as unknown as AsyncIterable<Buffer>, isWanted);
      if (sizes.has(path) && !seen.has(path)) {
        seen.add(path);
        yield content === null
          ? { path, problem: CHANGED, isGone: false, ...(isFile ? { nowBytes: size } : {}) }
          : judged(path, content, hashes.get(path));
      }
    }
  } catch (error) {
    // A link that dies cuts the archive: how the stream ended says more than that.
    watch.signal.throwIfAborted();
    if ((await settled(stream)) === 0) {
      throw unreadable(error, options);
    }
  }
  return seen;
}

function unreadable(cause: unknown, { transport, folder }: BatchOptions): SluiceError {
  const problem = `what came is no archive: ${String(cause)}`;
  return new SluiceError(
    'download-failed',
    { path: folder, host: transport.host, problem },
    { cause }
  );
}

function judged(path: string, content: Buffer, told: string | undefined): Arrival {
  const hash = sha256(content);
  return told === hash
    ? { path, content, sha256: hash }
    : { path, problem: 'it changed while it was fetched', isGone: false };
}

async function collect(entry: AsyncIterable<Buffer>, isWanted: boolean): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  for await (const chunk of entry) {
    if (isWanted) {
      chunks.push(chunk);
    }
  }
  return isWanted ? Buffer.concat(chunks) : null;
}

/** First what stands before the border, whole; then the rest as it comes. */
async function* splitHead(output: Readable, watch: Watch): AsyncGenerator<Buffer> {
  let head: Buffer | null = Buffer.alloc(0);
  const chunks = output[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  for (;;) {
    const next = await untilAborted(chunks.next(), watch.signal);
    if (next.done === true) {
      return;
    }
    watch.refresh();
    if (head === null) {
      yield next.value;
      continue;
    }
    head = Buffer.concat([head, next.value]);
    const at = head.indexOf(BORDER);
    if (at !== -1) {
      yield head.subarray(0, at);
      const rest: Buffer = head.subarray(at + BORDER.length);
      head = null;
      if (rest.length > 0) {
        yield rest;
      }
    } else if (head.length > MOST_HEAD_BYTES) {
      throw new Error('the host told no end of its hashes');
    }
  }
}

async function settled(stream: IRemoteStream): Promise<number | null> {
  stream.close();
  return stream.closed;
}

function refuse(status: number | null, { transport, folder }: BatchOptions, seen: number): void {
  const { host } = transport;
  if (status === null) {
    throw new SluiceError('connection-lost', { host, problem: 'it ended while files came' });
  }
  if (status === NO_FOLDER) {
    const problem = 'the folder is not there any more';
    throw new SluiceError('download-failed', { path: folder, host, problem, missing: true });
  }
  if (status !== 0 && seen === 0) {
    const problem = `reading ended with status ${status}`;
    throw new SluiceError('download-failed', { path: folder, host, problem });
  }
}

/** Aborted by the caller, or when nothing came for too long. */
class Watch {
  private readonly silence = new AbortController();
  private readonly timer: NodeJS.Timeout;
  readonly signal: AbortSignal;

  constructor(host: string, action: string, signal: AbortSignal) {
    this.signal = AbortSignal.any([signal, this.silence.signal]);
    this.timer = setTimeout(() => {
      const seconds = SILENCE_MS / 1000;
      this.silence.abort(new SluiceError('remote-timeout', { host, action, seconds }));
    }, SILENCE_MS);
  }

  refresh(): void {
    this.timer.refresh();
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
