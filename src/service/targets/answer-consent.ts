import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { SluiceError } from '../../shared/errors';
import type { Consent } from '../../shared/wire/decide';
import { type ConfigFile, readConfigFile } from './config-file';
import type { Consents } from './consents';
import { PROJECT_FILE, requireConsent } from './project-file';

function readProject(path: string): ConfigFile & { real: string } {
  const file = readConfigFile(path);
  if (file === null) {
    throw new SluiceError('not-found', { what: 'project file', id: path });
  }
  const real = realpathSync(path);
  if (basename(path) !== PROJECT_FILE && basename(real) !== PROJECT_FILE) {
    const problem = `${path} is no ${PROJECT_FILE}`;
    throw new SluiceError('request-invalid', { problem });
  }
  return { ...file, real };
}

/**
 * Take the person's word for a project's file, as long as it still has the bytes that they saw.
 *
 * Errors: `project-consent` with the bytes of now, `not-found`, `config-invalid`, `request-invalid`.
 */
export function answerConsent({ path, sha256 }: Consent, consents: Consents): Consent {
  const file = readProject(path);
  if (file.sha256 !== sha256) {
    requireConsent(file, () => false);
    const problem = `${path} has changed, and asks for nothing any more`;
    throw new SluiceError('request-invalid', { problem });
  }
  const word = { path: file.real, sha256 };
  consents.allow(word);
  return word;
}
