import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { SluiceError } from '../../shared/errors';
import { logPathOf, type Place } from './place';
import { prepareState } from './read-socket-path';

type Environment = Readonly<Record<string, string | undefined>>;

export type StartOptions = {
  place: Place;
  /** The program that knows `serve`. */
  entry: string;
  environment: Environment;
  timeoutMs: number;
};

/** What belongs to the server or kernel that this program may have been started from. */
const NOT_HANDED_ON = /^(JPY_|JUPYTER|MPLBACKEND)/;

function serviceEnvironment({ place, environment }: StartOptions): Environment {
  const kept = Object.entries(environment).filter(([name]) => !NOT_HANDED_ON.test(name));
  const own = { SLUICE_STATE: place.state, SLUICE_CONFIG: place.config };
  return { ...Object.fromEntries(kept), ...own };
}

const down = (place: Place, problem: string): SluiceError =>
  new SluiceError('service-down', { problem, log: logPathOf(place) });

/** The first line that it says; null: it ended its output without one. */
async function firstLine(stdout: Readable): Promise<string | null> {
  let said = '';
  for await (const chunk of stdout) {
    said += String(chunk);
    if (said.includes('\n')) {
      return said.slice(0, said.indexOf('\n'));
    }
  }
  return null;
}

/** The telling line of what it wrote to stderr: Node prints frames and its version around it. */
function tellingLine(text: string): string {
  const lines = text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean);
  const telling = lines.filter(line => line.includes('rror') && !line.startsWith('at '));
  return (telling.at(-1) ?? lines.at(-1) ?? 'it said nothing').slice(0, 300);
}

async function endedAtStart(
  child: ChildProcess,
  place: Place,
  log: string
): Promise<SluiceError | null> {
  const [status] =
    child.exitCode === null && child.signalCode === null
      ? ((await once(child, 'exit')) as [number | null])
      : [child.exitCode];
  if (status === 0) {
    return null;
  }
  const words = tellingLine(await readFile(log, 'utf8'));
  return down(place, `it ended at start with status ${status ?? 'unknown'}: ${words}`);
}

async function launch(
  options: StartOptions,
  log: string
): Promise<ChildProcess & { stdout: Readable }> {
  const stderr = await open(log, 'w', 0o600);
  try {
    const args = ['--disable-warning=ExperimentalWarning', options.entry, 'serve'];
    const child = spawn(process.execPath, args, {
      cwd: options.place.state,
      env: serviceEnvironment(options),
      stdio: ['ignore', 'pipe', stderr.fd],
      detached: true
    });
    await once(child, 'spawn');
    return child as ChildProcess & { stdout: Readable };
  } finally {
    await stderr.close();
  }
}

/** The first release whose SQLite needs no flag. */
function requireNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 14)) {
    throw new SluiceError('node-missing', { problem: `this is ${version}` });
  }
}

/**
 * Start the service, detached, and wait until it says that it listens, or that another one holds the
 * state directory. Errors: `service-down` when it ends otherwise or stays silent (then it is ended).
 */
export async function startService(options: StartOptions): Promise<void> {
  const { place, timeoutMs } = options;
  requireNode(process.versions.node);
  await prepareState(place);
  const log = join(place.state, 'start-up.log');
  const child = await launch(options, log);
  const silent = new AbortController();
  const timer = setTimeout(() => {
    silent.abort();
    child.kill('SIGKILL');
  }, timeoutMs);
  const said = await firstLine(child.stdout);
  clearTimeout(timer);
  if (silent.signal.aborted) {
    throw down(place, `it did not start within ${timeoutMs / 1000} s`);
  }
  const failure = said === null ? await endedAtStart(child, place, log) : null;
  child.stdout.destroy();
  child.unref();
  if (failure !== null) {
    throw failure;
  }
}
