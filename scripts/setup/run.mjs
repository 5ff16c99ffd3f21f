import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { root } from './checkout.mjs';
import { PlainError } from './say.mjs';

const ignoreSignal = () => undefined;
const quietDeadlineMs = 15 * 60_000;

/**
 * Runs a child to its end and gives {status, output}. A terminal's interrupt reaches the child by
 * itself; we stay until it is gone, so that what must be put back is put back.
 */
async function runToEnd(command, args, { cwd = root, env = process.env, stdio, timeoutMs }) {
  const child = spawn(command, args, { cwd, env, stdio });
  const chunks = [];
  child.stdout?.on('data', chunk => chunks.push(chunk));
  child.stderr?.on('data', chunk => chunks.push(chunk));
  const forward = () => child.kill('SIGTERM');
  // Not spawn's own timeout: its timer outlives a program that could not be started.
  const deadline = timeoutMs && setTimeout(forward, timeoutMs);
  process.on('SIGINT', ignoreSignal);
  process.on('SIGTERM', forward);
  try {
    const [status, signal] = await once(child, 'close');
    return { status: status ?? 1, signal, output: Buffer.concat(chunks).toString() };
  } catch (cause) {
    throw new PlainError(`cannot start ${command}: ${cause.message}`);
  } finally {
    clearTimeout(deadline);
    process.off('SIGINT', ignoreSignal);
    process.off('SIGTERM', forward);
  }
}

/** Runs a child quietly; when it fails, throws with everything that it printed. */
export async function runQuietly(command, args, options = {}) {
  const result = await tryQuietly(command, args, options);
  if (result.status !== 0) {
    const how = result.signal ? `ended by ${result.signal}` : `failed with status ${result.status}`;
    throw new PlainError(`${result.output}\n${[command, ...args].join(' ')} ${how}`);
  }
  return result.output;
}

/** Runs a child quietly and gives its status and output, whatever the status is. */
export function tryQuietly(command, args, options = {}) {
  const stdio = ['ignore', 'pipe', 'pipe'];
  return runToEnd(command, args, { timeoutMs: quietDeadlineMs, ...options, stdio });
}

/** Runs a child on our own terminal and gives its exit status; without `timeoutMs` it may go on. */
export async function runHere(command, args, options = {}) {
  return (await runToEnd(command, args, { stdio: 'inherit', ...options })).status;
}
