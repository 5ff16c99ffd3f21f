import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy on loopback whose traffic can be held back, as on a link that died silently. */
export type StallingProxy = {
  port: number;
  stall(): void;
  flow(): void;
  close(): Promise<void>;
};

/** Start a proxy to a port of this machine. */
export async function stallingProxy(toPort: number): Promise<StallingProxy> {
  const sockets = new Set<Socket>();
  let isStalled = false;
  const pass = (from: Socket, to: Socket): void => {
    sockets.add(from);
    from.on('data', chunk => {
      // What is sent into a dead link is gone.
      if (!isStalled) {
        to.write(chunk);
      }
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  };
  const server = createServer(near => {
    const far = connect(toPort, '127.0.0.1');
    pass(near, far);
    pass(far, near);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    port,
    stall: () => {
      isStalled = true;
    },
    flow: () => {
      isStalled = false;
    },
    close: async () => {
      sockets.forEach(socket => socket.destroy());
      await new Promise(resolve => server.close(resolve));
    }
  };
}
