import { PassThrough } from 'node:stream';
import type { IRemoteStream, ITransport } from '../service/transports/transport';

/** What happens to a stream once so many bytes of it have come. */
export type StreamFault = {
  afterBytes: number;
  /** Cut it; hold back all that follows; or let it be, and only tell. */
  kind: 'cut' | 'freeze' | 'tell';
  happened: () => void;
};

/** A transport whose streams break when a test says so; everything else is the real one's. */
export class CutStreams {
  private fault: StreamFault | null = null;
  readonly transport: ITransport;

  constructor(inner: ITransport) {
    const stream: ITransport['stream'] = async (script, options) =>
      this.wrap(await inner.stream(script, options));
    this.transport = new Proxy(inner, {
      get: (target, name) => {
        const value: unknown = name === 'stream' ? stream : Reflect.get(target, name, target);
        return typeof value === 'function' && name !== 'stream'
          ? (value.bind(target) as unknown)
          : value;
      }
    });
  }

  /** The next stretch of whatever stream is read meets this. */
  meet(fault: StreamFault): void {
    this.fault = fault;
  }

  private wrap(inner: IRemoteStream): IRemoteStream {
    const output = new PassThrough();
    let isFrozen = false;
    const end = (): void => {
      inner.close();
      output.end();
    };
    inner.output.on('data', (chunk: Buffer) => {
      const { fault } = this;
      if (fault === null || chunk.length < fault.afterBytes) {
        if (fault !== null) {
          fault.afterBytes -= chunk.length;
        }
        if (!isFrozen && !output.writableEnded) {
          output.write(chunk);
        }
        return;
      }
      this.fault = null;
      const keep = fault.kind === 'tell' ? chunk : chunk.subarray(0, fault.afterBytes);
      if (!isFrozen && !output.writableEnded) {
        output.write(keep);
      }
      isFrozen ||= fault.kind === 'freeze';
      if (fault.kind === 'cut') {
        end();
      }
      fault.happened();
    });
    inner.output.on('end', () => {
      if (!isFrozen) {
        output.end();
      }
    });
    return { output, write: text => inner.write(text), close: end, closed: inner.closed };
  }
}
