import { realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { SluiceError } from '../../shared/errors';
import { type ConfigFile, readConfigFile } from './config-file';

/** Keys that give a host power over this machine or the account: from a project only by consent. */
const SENSITIVE = [
  'host',
  'ssh_config',
  'transport',
  'root',
  'python',
  'setup',
  'sbatch',
  'trust'
] as const;

export const PROJECT_FILE = 'sluice.toml';

/** The nearest `sluice.toml` in a folder or above it. */
export function findProjectFile(directory: string): ConfigFile | null {
  let current = resolve(directory);
  for (;;) {
    const file = readConfigFile(join(current, PROJECT_FILE));
    if (file !== null) {
      return file;
    }
    const parent = dirname(current);
    if (parent === current) {
      return null;
    }
    current = parent;
  }
}

/** What a project's file sets that only the person may allow, as `targets.NAME.KEY`. */
export function sensitiveKeys({ targets }: ConfigFile): string[] {
  return Object.entries(targets).flatMap(([name, entry]) =>
    SENSITIVE.filter(key => entry[key] !== undefined).map(key => `targets.${name}.${key}`)
  );
}

/** Refuse a project's file that needs the person's word and does not have it. Errors: `project-consent`. */
export function requireConsent(
  file: ConfigFile,
  isAllowed: (path: string, sha256: string) => boolean
): void {
  const keys = sensitiveKeys(file);
  if (keys.length === 0) {
    return;
  }
  const path = realpathSync(file.path);
  if (!isAllowed(path, file.sha256)) {
    throw new SluiceError('project-consent', { path, sha256: file.sha256, keys: keys.join(', ') });
  }
}
