import { createServer, type Server } from 'node:net';

/** Ports of loopback that were free a moment ago, all different. */
export async function findFreePorts(count: number): Promise<number[]> {
  // Held together and let go together: otherwise the same one may come twice.
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = servers.map(portOf);
  await Promise.all(servers.map(close));
  return ports;
}

/** Whether a daemon could listen on the port now. */
export async function isPortFree(port: number): Promise<boolean> {
  try {
    await close(await listen(port));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      return false;
    }
    throw error;
  }
}

function listen(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // Every address, because slurmctld and slurmd listen on every address.
    server.listen({ port, host: '0.0.0.0' }, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) =>
    server.close(error => (error ? reject(error) : resolve()))
  );
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('a listening server without a port');
  }
  return address.port;
}
