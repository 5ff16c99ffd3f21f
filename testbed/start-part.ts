import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { once } from 'node:events';
import { isAbsolute, join } from 'node:path';

import { findProgram } from './find-program.ts';
import type { Layout } from './layout.ts';
import { findPart, type Part } from './parts.ts';
import { readIfThere } from './read-if-there.ts';
import { TestbedError } from './testbed-error.ts';
import { waitUntil } from './wait-until.ts';

const START_TIMEOUT_MS = 15_000;

/** The variable by which processes that the testbed started are known, with its directory. */
export const MEMBER_VARIABLE = 'SLUICE_TESTBED_MEMBER';

/** Starts a daemon and returns once it is in the background with its pid written. */
export async function startPart(layout: Layout, part: Part): Promise<void> {
  const [name = '', ...args] = part.startedBy ?? [part.program, ...part.args];
  const program = isAbsolute(name) ? name : findProgram(name);
  if (program === undefined) {
    throw new TestbedError(`${name} is not installed here.`, 2);
  }
  await part.prepare?.();
  const said = join(layout.logDir, `${part.name}.start`);
  const env = { ...daemonEnvironment(layout), ...part.environment };
  const status = await runToBackground(program, args, env, said);
  if (status !== 0) {
    throw await startError(layout, part, `ended with ${String(status)}`, said);
  }
  if (!(await waitUntil(async () => (await findPart(part)) !== undefined, START_TIMEOUT_MS))) {
    throw await startError(layout, part, 'did not stay', said);
  }
  await part.settle?.();
}

/** The last lines of a file that may not be there. */
export async function readTail(file: string, lines = 8): Promise<string> {
  const text = (await readIfThere(file)) ?? '';
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

async function runToBackground(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  said: string
): Promise<number | string> {
  // A file and not a pipe: a daemon that keeps its standard error open would hold a pipe open.
  const output = await open(said, 'w');
  try {
    const child = spawn(program, args, {
      cwd: '/',
      env,
      stdio: ['ignore', output.fd, output.fd],
      timeout: START_TIMEOUT_MS,
      killSignal: 'SIGKILL'
    });
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    return code ?? signal ?? 'no status';
  } finally {
    await output.close();
  }
}

/** Nothing of the caller's Slurm settings may reach the daemons. */
function daemonEnvironment({ dir }: Layout): NodeJS.ProcessEnv {
  const { HOME, USER, LOGNAME, TZ } = process.env;
  return {
    HOME,
    USER,
    LOGNAME,
    TZ,
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    [MEMBER_VARIABLE]: dir
  };
}

async function startError(
  layout: Layout,
  part: Part,
  what: string,
  said: string
): Promise<TestbedError> {
  const log = join(layout.logDir, `${part.name}.log`);
  const words = [await readTail(said), await readTail(log)].filter(text => text !== '');
  return new TestbedError([`${part.name} ${what}. See ${log}.`, ...words].join('\n'));
}
