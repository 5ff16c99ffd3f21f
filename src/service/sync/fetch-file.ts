import { SluiceError } from '../../shared/errors';
import { untilAborted } from '../transports/deadline';
import type { IRemoteStream, ITransport } from '../transports/transport';
import { buildFetch, FETCH_MISSING, FETCH_NO_FILE, MORE } from './fetch-script';
import { PartFile, partPathOf, publishPart, removePart } from './part-file';
import { ReplyParts } from './reply-parts';

export type FetchFileOptions = {
  transport: ITransport;
  /** Absolute path there. */
  path: string;
  /** Absolute path here; its folder exists. What is there is replaced in one step. */
  to: string;
  /** What the file must be, as far as that is known; else what the host says when it was read. */
  expected: { bytes: number | null; sha256: string | null };
  signal: AbortSignal;
  /** Bytes that are here by now, with those of an earlier try. */
  progress?: (bytes: number) => void;
  /** Where it grows until it is whole; beside `to` unless said. Kept when the work is cut off. */
  partPath?: string;
  /** Gives the whole file its place; renames it to `to` unless said. */
  publish?: (partPath: string) => Promise<void>;
  /** So much comes in one session; then others have their turn. */
  pieceBytes?: number;
};

export type FetchedFile = { bytes: number; sha256: string };

const START_TIMEOUT_MS = 60_000;
/** Nothing came for so long: the link or the disk there is dead. Hashing a large file is silent too. */
const SILENCE_TIMEOUT_MS = 120_000;
const TRIES = 2;
/** A host that allows one session at a time would do nothing else for as long as a file comes. */
const PIECE_BYTES = 64 * 2 ** 20;

/**
 * Bring one file here: aside, checked against its size and hash, then to its place. What an earlier
 * try brought is taken up. In bounded memory, whatever the size.
 *
 * Errors: `download-failed` (`details.missing` when there is no such file), `file-changed`
 * (`details.bytes` is its size by now, where that is known),
 * `fetch-refused` for what is no ordinary file, those of the transport, and the signal's reason.
 */
export async function fetchFile(options: FetchFileOptions): Promise<FetchedFile> {
  const partPath = options.partPath ?? partPathOf(options.to);
  for (let attempt = 1; ; attempt += 1) {
    const found = await fetchOnce(options, partPath);
    if ('sha256' in found) {
      const publish = options.publish ?? ((part: string) => publishPart(part, options.to));
      await publish(partPath);
      return found;
    }
    await removePart(partPath);
    if (attempt === TRIES) {
      throw new SluiceError('file-changed', { path: options.path, bytes: found.nowBytes });
    }
  }
}

/** What came is not what it should be; null: nobody told how large it is by now. */
type Changed = { nowBytes: number | null };

async function fetchOnce(
  options: FetchFileOptions,
  partPath: string
): Promise<FetchedFile | Changed> {
  const part = await PartFile.open(partPath);
  try {
    const { bytes, sha256 } = options.expected;
    if (bytes !== null && part.bytes > bytes) {
      await part.empty();
    }
    // Nothing left to ask for, and something to hold it against.
    const isHere = bytes === part.bytes && sha256 === part.digest();
    const rest = isHere ? { size: bytes, trailer: sha256 } : await readRest(options, part);
    if (rest.trailer === null || !isAsExpected(options, part, rest.trailer)) {
      return { nowBytes: rest.size };
    }
    await part.flush();
    return { bytes: part.bytes, sha256: part.digest() };
  } finally {
    await part.close();
  }
}

function isAsExpected({ expected }: FetchFileOptions, part: PartFile, trailer: string): boolean {
  const sha256 = part.digest();
  return (
    (expected.bytes === null || expected.bytes === part.bytes) &&
    (expected.sha256 === null || expected.sha256 === sha256) &&
    // `none`: nothing there can tell, so the size must do.
    (trailer === 'none' || trailer === sha256)
  );
}

type Piece = Pick<ReplyParts, 'size' | 'trailer'>;

/** Read what is missing; the trailer is the hash that the host told, or null where the file is another one. */
async function readRest(options: FetchFileOptions, part: PartFile): Promise<Piece> {
  let size = options.expected.bytes;
  for (;;) {
    const piece = await readPiece(options, part);
    if (size !== null && piece.size !== size) {
      return { size: piece.size, trailer: null };
    }
    size = piece.size;
    if (piece.trailer !== MORE) {
      return { size, trailer: size === part.bytes ? piece.trailer : null };
    }
  }
}

async function readPiece(options: FetchFileOptions, part: PartFile): Promise<Piece> {
  const { transport, path, expected, signal, pieceBytes: most = PIECE_BYTES } = options;
  signal.throwIfAborted();
  const wantsHash = expected.sha256 === null;
  const script = buildFetch(path, { offset: part.bytes, most, wantsHash });
  const action = `fetch ${path}`;
  const stream = await transport.stream(script, { action, timeoutMs: START_TIMEOUT_MS });
  const silence = new Silence(() => timedOut(transport.host, action));
  const stop = AbortSignal.any([signal, silence.signal]);
  try {
    const parts = new ReplyParts(part.bytes, most);
    await untilAborted(readInto(stream, parts, part, { stop, silence, options }), stop);
    const status = await untilAborted(stream.closed, stop);
    refuse(status, options);
    return parts;
  } finally {
    silence.stop();
    stream.close();
  }
}

type Reading = { stop: AbortSignal; silence: Silence; options: FetchFileOptions };

async function readInto(
  stream: IRemoteStream,
  parts: ReplyParts,
  part: PartFile,
  { stop, silence, options }: Reading
): Promise<void> {
  for await (const chunk of stream.output) {
    // Read to the end in any case: what nobody reads would hold up the script's end.
    if (stop.aborted) {
      continue;
    }
    silence.restart();
    const bytes = parts.push(chunk as Buffer);
    if (bytes.length > 0) {
      await part.append(bytes);
      options.progress?.(part.bytes);
    }
  }
}

function refuse(status: number | null, { transport, path }: FetchFileOptions): void {
  const { host } = transport;
  if (status === null) {
    throw new SluiceError('connection-lost', { host, problem: 'it ended while a file came' });
  }
  if (status === FETCH_NO_FILE) {
    throw new SluiceError('fetch-refused', { path, problem: 'it is no ordinary file' });
  }
  if (status === FETCH_MISSING) {
    const problem = 'there is no such file';
    throw new SluiceError('download-failed', { path, host, problem, missing: true });
  }
  if (status !== 0) {
    const problem = `reading ended with status ${status}`;
    throw new SluiceError('download-failed', { path, host, problem });
  }
}

function timedOut(host: string, action: string): SluiceError {
  return new SluiceError('remote-timeout', { host, action, seconds: SILENCE_TIMEOUT_MS / 1000 });
}

/** A signal that is aborted when nothing came for too long. */
class Silence {
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout;

  constructor(private readonly reason: () => Error) {
    this.timer = this.start();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  restart(): void {
    this.timer.refresh();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private start(): NodeJS.Timeout {
    return setTimeout(() => this.controller.abort(this.reason()), SILENCE_TIMEOUT_MS);
  }
}
