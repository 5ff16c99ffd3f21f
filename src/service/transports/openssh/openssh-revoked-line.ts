import { readFile } from 'node:fs/promises';
import { SluiceError } from '../../../shared/errors';
import { fingerprint, parseKnownHosts } from '../host-keys/known-hosts';
import { expandHome } from '../ssh-host/ssh-config-values';
import { homeOf } from '../ssh-host/ssh-home';

/** OpenSSH does not say which line revokes a key; any other error comes back as it is. */
export async function withRevokedLine(
  error: unknown,
  files: readonly string[],
  env: NodeJS.ProcessEnv
): Promise<unknown> {
  if (!(error instanceof SluiceError) || error.code !== 'host-key-revoked') {
    return error;
  }
  for (const file of files.map(path => expandHome(path, homeOf(env)))) {
    // A file that cannot be read has no line to name.
    const text = await readFile(file, 'utf8').catch(() => '');
    const found = parseKnownHosts(text, file).find(
      ({ marker, key }) => marker === 'revoked' && fingerprint(key) === error.details.fingerprint
    );
    if (found !== undefined) {
      const details = { ...error.details, knownHosts: file, line: found.line };
      return new SluiceError(error.code, details, { cause: error.cause });
    }
  }
  return error;
}
