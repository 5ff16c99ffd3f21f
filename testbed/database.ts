import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

import { findProgram } from './find-program.ts';
import { runChecked } from './run-command.ts';
import { waitUntil } from './wait-until.ts';

/*
 * node database.ts DATA_DIR SOCKET PID_FILE LOG: the MariaDB of the testbed's accounting, which never goes to the
 * background by itself. Makes its files where there are none; ends once it takes connections.
 */

const READY_TIMEOUT_MS = 30_000;
const MAKE_TIMEOUT_MS = 60_000;

const [dataDir = '', socket = '', pidFile = '', log = ''] = process.argv.slice(2);
// Run by root it wants to hear that this is meant.
const account = process.getuid?.() === 0 ? ['--user=root'] : [];

async function makeFiles(): Promise<void> {
  // Root of this database is who can reach its socket, whose directory is closed to others.
  const words = ['--auth-root-authentication-method=normal', '--skip-test-db', ...account];
  const args = ['--no-defaults', `--datadir=${dataDir}`, ...words];
  const program = findProgram('mariadb-install-db') ?? 'mariadb-install-db';
  await runChecked(program, args, { timeoutMs: MAKE_TIMEOUT_MS });
}

function start(): void {
  const args = [
    '--no-defaults',
    `--datadir=${dataDir}`,
    `--socket=${socket}`,
    `--pid-file=${pidFile}`,
    `--log-error=${log}`,
    '--skip-networking',
    '--innodb-buffer-pool-size=64M',
    ...account
  ];
  const output = openSync(log, 'a');
  const child = spawn(findProgram('mariadbd') ?? 'mariadbd', args, {
    detached: true,
    stdio: ['ignore', output, output]
  });
  child.once('exit', code => process.exit(code ?? 1));
  child.unref();
}

async function takesConnections(): Promise<boolean> {
  const client = connect(socket);
  try {
    await once(client, 'data');
    return true;
  } catch {
    // Nobody listens there yet; the deadline is the caller's.
    return false;
  } finally {
    client.destroy();
  }
}

if (!existsSync(join(dataDir, 'mysql'))) {
  await makeFiles();
}
start();
process.exit((await waitUntil(takesConnections, READY_TIMEOUT_MS)) ? 0 : 1);
