import { connect, createServer, type Socket } from 'node:net';

export type ProxyOptions = {
  /** To listen on; absent: one that is free. */
  port?: number;
  /** One way, each way. */
  latencyMs?: number;
  /** Each way; absent: as fast as it goes. */
  bytesPerSecond?: number;
};

/** How many bytes went through, by direction. */
export type ProxyCount = { toHost: number; fromHost: number };

/** A TCP proxy on loopback whose traffic can be slow, held back as on a dead link, or cut. */
export type StallingProxy = {
  port: number;
  /** From now on. */
  latencyMs: number;
  bytesPerSecond: number;
  readonly count: ProxyCount;
  /** Connections that were accepted. */
  readonly connections: number;
  /** What is sent from now on is gone. */
  stall(): void;
  flow(): void;
  /** Cut all connections once so many more bytes have gone to the host, or come from it. */
  cutAfter(more: Partial<ProxyCount>): void;
  /** Cut all connections now. */
  cut(): void;
  close(): Promise<void>;
};

/** What one direction may hold before the sender is told to wait: more than any window of SSH. */
const MOST_HELD_BYTES = 16 * 2 ** 20;

/** Start a proxy to a port of this machine. */
export async function stallingProxy(
  toPort: number,
  options: ProxyOptions = {}
): Promise<StallingProxy> {
  const proxy = new LoopbackProxy(options);
  await proxy.listen(toPort);
  return proxy;
}

class LoopbackProxy implements StallingProxy {
  port: number;
  latencyMs: number;
  bytesPerSecond: number;
  readonly count: ProxyCount = { toHost: 0, fromHost: 0 };
  connections = 0;
  private isStalled = false;
  private cutAt: ProxyCount = { toHost: Infinity, fromHost: Infinity };
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer();

  constructor({ port = 0, latencyMs = 0, bytesPerSecond = Infinity }: ProxyOptions) {
    this.port = port;
    this.latencyMs = latencyMs;
    this.bytesPerSecond = bytesPerSecond;
  }

  async listen(toPort: number): Promise<void> {
    this.server.on('connection', near => {
      this.connections += 1;
      const far = connect(toPort, '127.0.0.1');
      this.pass(near, far, 'toHost');
      this.pass(far, near, 'fromHost');
    });
    await new Promise<void>(resolve => this.server.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as { port: number }).port;
  }

  stall(): void {
    this.isStalled = true;
  }

  flow(): void {
    this.isStalled = false;
  }

  cutAfter({ toHost = Infinity, fromHost = Infinity }: Partial<ProxyCount>): void {
    this.cutAt = { toHost: this.count.toHost + toHost, fromHost: this.count.fromHost + fromHost };
  }

  cut(): void {
    this.cutAt = { toHost: Infinity, fromHost: Infinity };
    this.sockets.forEach(socket => socket.destroy());
  }

  readonly close = async (): Promise<void> => {
    this.cut();
    await new Promise(resolve => this.server.close(resolve));
  };

  private pass(from: Socket, to: Socket, way: keyof ProxyCount): void {
    this.sockets.add(from);
    // A link adds its own delay; the two sockets of the proxy shall add none.
    from.setNoDelay(true);
    const line = new Line(from, to);
    from.on('data', chunk => this.take(chunk, way, line));
    from.on('error', () => undefined);
    from.on('end', () => line.push(null, this));
    from.on('close', hadError => {
      this.sockets.delete(from);
      if (hadError || !from.readableEnded) {
        to.destroy();
      }
    });
  }

  private take(chunk: Buffer, way: keyof ProxyCount, line: Line): void {
    // What is sent into a dead link is gone.
    if (this.isStalled) {
      return;
    }
    const allowed = this.cutAt[way] - this.count[way];
    const bytes = chunk.subarray(0, allowed);
    this.count[way] += bytes.length;
    line.push(bytes, this);
    if (chunk.length >= allowed) {
      this.cut();
    }
  }
}

/** One direction of a connection: what goes in comes out in its order when its time has come. */
class Line {
  private readonly waiting: { bytes: Buffer | null; dueMs: number }[] = [];
  private held = 0;
  /** When the last byte will have gone over the wire. */
  private freeAtMs = 0;
  private timer: NodeJS.Timeout | null = null;

  private readonly from: Socket;
  private readonly to: Socket;

  constructor(from: Socket, to: Socket) {
    this.from = from;
    this.to = to;
    to.once('close', () => {
      if (this.timer !== null) {
        clearTimeout(this.timer);
      }
    });
  }

  /** Null: the end. */
  push(bytes: Buffer | null, speed: { latencyMs: number; bytesPerSecond: number }): void {
    const { latencyMs, bytesPerSecond } = speed;
    const size = bytes?.length ?? 0;
    const nowMs = performance.now();
    this.freeAtMs = Math.max(nowMs, this.freeAtMs) + (size * 1000) / bytesPerSecond;
    this.waiting.push({ bytes, dueMs: this.freeAtMs + latencyMs });
    this.held += size;
    if (this.held > MOST_HELD_BYTES) {
      this.from.pause();
    }
    if (this.timer === null) {
      this.deliver();
    }
  }

  private deliver(): void {
    this.timer = null;
    const nowMs = performance.now();
    for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
      if (next.dueMs > nowMs) {
        this.timer = setTimeout(() => this.deliver(), next.dueMs - nowMs);
        return;
      }
      this.waiting.shift();
      this.hand(next.bytes);
    }
  }

  private hand(bytes: Buffer | null): void {
    if (this.to.destroyed) {
      return;
    }
    if (bytes === null) {
      this.to.end();
      return;
    }
    this.held -= bytes.length;
    if (!this.to.write(bytes)) {
      this.from.pause();
      this.to.once('drain', () => this.from.resume());
    } else if (this.held <= MOST_HELD_BYTES) {
      this.from.resume();
    }
  }
}
