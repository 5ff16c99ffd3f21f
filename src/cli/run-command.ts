import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { SluiceError } from '../shared/errors';
import type { CommandContext } from './command-context';
import { errorStatus } from './exit-status';
import { packageDirectory, readVersion } from './package-directory';
import { plainLines } from './print/plain-text';
import { placeFrom } from './service/place';
import { ServiceAccess } from './service/service-access';
import { openTerminal } from './terminal/terminal';
import { withPrompts } from './terminal/with-prompts';

const INTERRUPTED = 130;
const STALLED = 70;

/** As in `src/shared/wire/service.ts`, whose schemas would have to be loaded for one number. */
const PROTOCOL = 1;

function onInterrupt(call: () => void): () => void {
  const first = (): void => {
    process.once('SIGINT', again);
    call();
  };
  const again = (): void => {
    process.exit(INTERRUPTED);
  };
  process.once('SIGINT', first);
  return () => {
    process.off('SIGINT', first);
    process.off('SIGINT', again);
  };
}

async function makeContext(isJson: boolean): Promise<CommandContext> {
  const place = placeFrom(process.env);
  const terminal = openTerminal(process.stdin, process.stderr);
  const access = new ServiceAccess({
    place,
    entry: process.argv[1] ?? __filename,
    environment: process.env,
    version: await readVersion(packageDirectory(process.env)),
    protocol: PROTOCOL,
    isAttended: terminal !== null,
    delay
  });
  return {
    access,
    place,
    isJson,
    cwd: process.cwd(),
    python: process.env['SLUICE_HERE_PYTHON'] || 'python3',
    out: text => process.stdout.write(text),
    err: text => process.stderr.write(text),
    terminal,
    nowMs: Date.now,
    newRequestId: randomUUID,
    onInterrupt
  };
}

/** The one place where what went wrong becomes words and an exit status. */
function report(error: unknown, isJson: boolean): number {
  const known = error instanceof SluiceError ? error : null;
  if (isJson && known !== null) {
    process.stdout.write(`${JSON.stringify({ error: known.toProblem() }, null, 2)}\n`);
  }
  const words = known ? plainLines(known.message) : String((error as Error).stack ?? error);
  const hint = known?.hint ? `        ${plainLines(known.hint)}\n` : '';
  process.stderr.write(`sluice: ${words}\n${hint}`);
  return errorStatus(error);
}

/** Run a command to its end. */
export async function runCommand(
  isJson: boolean,
  command: (context: CommandContext) => Promise<number>
): Promise<void> {
  let context: CommandContext | null = null;
  // Should everything come to rest before the command is done, that is no success.
  process.exitCode = STALLED;
  try {
    const made = await makeContext(isJson);
    context = made;
    process.exitCode = await withPrompts(made, () => command(made));
  } catch (error) {
    process.exitCode = report(error, isJson);
  } finally {
    await context?.access.close();
  }
}
