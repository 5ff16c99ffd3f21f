import { type Readable, type Duplex, Transform } from 'node:stream';
import { SluiceError } from '../../shared/errors';
import type { Connection } from '../../shared/wire/connection';
import type { IChannelSource } from './channel';
import {
  MISSING_STATUS,
  partialPath,
  publishScript,
  readScript,
  receiveScript,
  removeScript,
  writeScript
} from './file-scripts';
import { openStream } from './remote-stream';
import { newNonce, runScript } from './run-script';
import type { IRemoteStream, ITransport, RunOptions, RunResult } from './transport';

/** For a file of any size over a slow link; callers who know better say so. */
const FILE_TIMEOUT_MS = 300_000;

const DISCARD_TIMEOUT_MS = 15_000;

const PRIVATE_MODE = 0o600;

/** The transport over anything that can open a shell. */
export class ShellTransport implements ITransport {
  constructor(private readonly source: IChannelSource) {}

  get host(): string {
    return this.source.host;
  }

  get sessionLimit(): number {
    return this.source.sessionLimit;
  }

  get connection(): Connection {
    return this.source.connection;
  }

  onConnection(listener: () => void): () => void {
    return this.source.onConnection(listener);
  }

  async connect(signal?: AbortSignal): Promise<void> {
    await this.source.connect(signal);
  }

  async run(script: string, options: RunOptions): Promise<RunResult> {
    return runScript(this.source, script, options);
  }

  async read(
    path: string,
    options: { offset?: number; length?: number; timeoutMs?: number } = {}
  ): Promise<Buffer> {
    const { timeoutMs = FILE_TIMEOUT_MS, ...part } = options;
    return this.#must(readScript(path, part), { action: `read ${path}`, timeoutMs });
  }

  async write(
    path: string,
    data: Buffer | Readable,
    options: { mode?: number; timeoutMs?: number } = {}
  ): Promise<void> {
    const { mode = PRIVATE_MODE, timeoutMs = FILE_TIMEOUT_MS } = options;
    const partial = partialPath(path, newNonce());
    const how = { action: `write ${path}`, timeoutMs };
    if (Buffer.isBuffer(data)) {
      await this.#must(writeScript(path, partial, data.length, mode), { ...how, data });
      return;
    }
    const counted = countBytes(data);
    try {
      await this.#must(receiveScript(path, partial), { ...how, data: counted.stream });
      await this.#must(publishScript(path, partial, counted.bytes(), mode), how);
    } catch (error) {
      await this.#discard(partial);
      throw error;
    }
  }

  /** Leave nothing half written behind; where that fails, the fault before it says more. */
  async #discard(partial: string): Promise<void> {
    const how = { action: 'discard', timeoutMs: DISCARD_TIMEOUT_MS };
    await this.run(removeScript(partial), how).catch(() => undefined);
  }

  async stream(
    script: string,
    options: { action: string; timeoutMs: number }
  ): Promise<IRemoteStream> {
    return openStream(this.source, script, options);
  }

  async forward(address: string, port: number): Promise<Duplex> {
    return this.source.forward(address, port);
  }

  async close(): Promise<void> {
    await this.source.close();
  }

  async #must(script: string, options: RunOptions): Promise<Buffer> {
    const { status, stdout, stderr } = await this.run(script, options);
    if (status !== 0) {
      throw new SluiceError('remote-command-failed', {
        action: options.action,
        host: this.host,
        status,
        stderr: stderr.trim(),
        missing: status === MISSING_STATUS
      });
    }
    return stdout;
  }
}

/** The same bytes, counted on their way; a fault of the origin becomes one of the stream. */
function countBytes(origin: Readable): { stream: Readable; bytes(): number } {
  let total = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      total += chunk.length;
      done(null, chunk);
    }
  });
  origin.once('error', error => counter.destroy(error));
  counter.once('close', () => origin.destroy());
  return { stream: origin.pipe(counter), bytes: () => total };
}
