import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir, hostname, tmpdir, userInfo } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { requirePrivateDirectory } from './private-directory';

/** What the kernel limits; the socket's address holds no more. */
const LONGEST_SOCKET_PATH_BYTES = 100;

export type StateDirectory = {
  path: string;
  lockPath: string;
  storePath: string;
  logPath: string;
  endpointPath: string;
  socketPath: string;
  noncePath: string;
  nonce: string;
  spool: string;
  resultsDir: string;
  /** What the umask was before it was narrowed for all that is made here. */
  ownUmask: number;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** A base directory of the XDG specification; one that is not absolute counts as unset. */
function baseDirectory(value: string | undefined, fallback: string): string {
  return value !== undefined && isAbsolute(value) ? value : fallback;
}

/** Where the state lies: one directory for each user and host. */
export function statePath(environment: Environment): string {
  const base = baseDirectory(environment['XDG_STATE_HOME'], join(homedir(), '.local', 'state'));
  return environment['SLUICE_STATE'] ?? join(base, 'sluice', hostname());
}

/** The configuration file of the user. */
export function configPath(environment: Environment): string {
  const base = baseDirectory(environment['XDG_CONFIG_HOME'], join(homedir(), '.config'));
  return environment['SLUICE_CONFIG'] ?? join(base, 'sluice', 'config.toml');
}

/** Make a directory that only this user can enter; refuse one that is, or could become, somebody else’s. */
function makePrivate(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const stat = lstatSync(path);
  if (stat.isDirectory() && stat.uid === userInfo().uid) {
    chmodSync(path, 0o700);
  }
  requirePrivateDirectory(path);
}

/** The socket: in the state directory, or in a short private place named after it. */
export function socketPathFor(path: string, environment: Environment): string {
  const inside = join(path, 'socket');
  if (Buffer.byteLength(inside) <= LONGEST_SOCKET_PATH_BYTES) {
    return inside;
  }
  const name = createHash('sha256').update(path).digest('hex').slice(0, 16);
  const runtime = environment['XDG_RUNTIME_DIR'];
  return runtime === undefined
    ? join(tmpdir(), `sluice-${userInfo().uid}`, `${name}.socket`)
    : join(runtime, `sluice-${name}.socket`);
}

function readNonce(path: string): string {
  if (existsSync(path)) {
    return readFileSync(path, 'utf8').trim();
  }
  const nonce = randomBytes(16).toString('hex');
  writeFileSync(path, nonce, { mode: 0o600 });
  return nonce;
}

/** Make the state directory with all that lies in it, 0700 and 0600 whatever the umask. */
export function openStateDirectory(environment: Environment): StateDirectory {
  const ownUmask = process.umask(0o077);
  const path = statePath(environment);
  const socketPath = socketPathFor(path, environment);
  const spool = join(path, 'spool');
  const resultsDir = join(path, 'results');
  makePrivate(path);
  if (!socketPath.startsWith(path) && environment['XDG_RUNTIME_DIR'] === undefined) {
    makePrivate(join(tmpdir(), `sluice-${userInfo().uid}`));
  }
  requirePrivateDirectory(dirname(socketPath));
  mkdirSync(join(spool, 'blobs'), { recursive: true });
  mkdirSync(resultsDir, { recursive: true });
  const noncePath = join(path, 'nonce');
  return {
    path,
    lockPath: join(path, 'lock.db'),
    storePath: join(path, 'store.db'),
    logPath: join(path, 'service.log'),
    endpointPath: join(path, 'endpoint.json'),
    socketPath,
    noncePath,
    nonce: readNonce(noncePath),
    spool,
    resultsDir,
    ownUmask
  };
}
