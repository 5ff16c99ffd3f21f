import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';

import { stallingProxy } from '../src/testing/stalling-proxy.ts';

/*
 * node link.ts PID_FILE PORT TO_PORT LATENCY_MS BYTES_PER_SECOND: the slow link to the testbed's
 * sshd. It goes to the background once it listens. SIGUSR1 stalls it, SIGUSR2 lets it flow, SIGHUP
 * cuts its connections.
 */

const SERVING = 'SLUICE_TESTBED_LINK';

async function serve([pidFile = '', ...numbers]: readonly string[]): Promise<void> {
  const [port = 0, toPort = 0, latencyMs = 0, bytesPerSecond = Infinity] = numbers.map(Number);
  const proxy = await stallingProxy(toPort, { port, latencyMs, bytesPerSecond });
  process.on('SIGUSR1', () => proxy.stall());
  process.on('SIGUSR2', () => proxy.flow());
  process.on('SIGHUP', () => proxy.cut());
  writeFileSync(pidFile, `${String(process.pid)}\n`);
  process.send?.('listening');
  process.disconnect();
}

/** Starts the one that stays; ends as it does, or when it listens. */
function launch(): void {
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    detached: true,
    env: { ...process.env, [SERVING]: '1' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc']
  });
  child.once('exit', code => process.exit(code ?? 1));
  child.once('message', () => process.exit(0));
}

if (process.env[SERVING] === undefined) {
  launch();
} else {
  await serve(process.argv.slice(2));
}
