import { SluiceError } from '../../shared/errors';
import { readLines } from '../schedulers/reply-lines';
import type { ITransport } from '../transports/transport';
import type { Finding } from './doctor-run';
import { buildRootCleanUp, buildRootTrial } from './survey-parts';

const TIMEOUT_MS = 60_000;

export type RootTrial = { finding: Finding; hasMadeRoot: boolean };

/** The step `root`: write a little below it. What was made is taken away by {@link cleanUpRoot}. */
export async function tryRoot(
  transport: ITransport,
  { root, key, target }: { root: string; key: string; target: string },
  signal: AbortSignal
): Promise<RootTrial> {
  const action = 'write into the root folder';
  const options = { action, timeoutMs: TIMEOUT_MS, signal };
  const { status, stdout, stderr } = await transport.run(buildRootTrial(root, key), options);
  const hasMadeRoot = readLines(stdout.toString()).has('made-root');
  if (status === 0) {
    const made = hasMadeRoot ? '; it was not there before' : '';
    return { finding: { state: 'passed', found: `${root} can be written${made}` }, hasMadeRoot };
  }
  const words = stderr.trim().split('\n').join('; ').slice(0, 500);
  const host = transport.host;
  const problem = /no (space|room)|quota/i.test(words)
    ? new SluiceError('disk-full', { bytes: '1 MB', root, host, problem: words, target })
    : new SluiceError('root-unusable', { root, host, problem: words || `exit status ${status}` });
  return { finding: { state: 'failed', found: problem.message, problem }, hasMadeRoot };
}

/** Leave nothing of a run behind, also when it was canceled. */
export async function cleanUpRoot(
  transport: ITransport,
  root: string,
  key: string,
  hasMadeRoot: boolean
): Promise<void> {
  const script = buildRootCleanUp(root, key, hasMadeRoot);
  await transport.run(script, { action: 'clean up after the doctor', timeoutMs: TIMEOUT_MS });
}
