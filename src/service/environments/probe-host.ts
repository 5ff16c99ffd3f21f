import { SluiceError } from '../../shared/errors';
import { setupLines } from '../../shared/setup-lines';
import { shPath } from '../../shared/sh-quote';
import type { ITransport } from '../transports/transport';

export type HostFacts = {
  /** `<root>` made absolute. */
  root: string;
  /** Such as `3.11.7`; null: there is none, and `problem` says what the host answered. */
  pythonVersion: string | null;
  problem: string;
};

export type Wanted = { root: string; python: string; setup: readonly string[] };

const TIMEOUT_MS = 60_000;

/** Text that prints the absolute root, then what the target's Python says of its version. */
export function buildProbe({ root, python, setup }: Wanted): string {
  return [
    `printf 'root %s\\n' ${shPath(root)}`,
    '(',
    // Modules may print; what they say must not be read as the answer.
    'exec 3>&1 1>&2',
    ...setupLines(setup),
    `version=$(${shPath(python)} -V 2>&1) || { printf 'problem %s\\n' "$version" >&3; exit 0; }`,
    `printf 'python %s\\n' "$version" >&3`,
    ') </dev/null'
  ].join('\n');
}

/** The answer to {@link buildProbe}. */
export function parseProbe(stdout: string, stderr: string): HostFacts {
  const root = /^root (.*)$/m.exec(stdout)?.[1] ?? '';
  const version = /^python Python (\d+\.\d+\.\d+)/m.exec(stdout)?.[1] ?? null;
  const problem = /^problem (.*)$/m.exec(stdout)?.[1] ?? (stderr.trim().slice(-500) || 'no answer');
  return { root, pythonVersion: version, problem };
}

/**
 * Ask a host where the root is and which Python it has.
 *
 * Errors: those of the transport; `remote-command-failed` when the shell itself failed.
 */
export async function probeHost(
  transport: ITransport,
  wanted: Wanted,
  signal: AbortSignal
): Promise<HostFacts> {
  const action = 'look for Python';
  const result = await transport.run(buildProbe(wanted), { action, timeoutMs: TIMEOUT_MS, signal });
  const facts = parseProbe(result.stdout.toString(), result.stderr);
  if (facts.root === '') {
    const { status, stderr } = result;
    throw new SluiceError('remote-command-failed', {
      action,
      host: transport.host,
      status,
      stderr
    });
  }
  return facts;
}
