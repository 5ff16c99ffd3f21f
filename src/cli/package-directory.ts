import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Directory of the installed Python package: the bundle lies in its `service/`. */
export function packageDirectory(environment: Environment): string {
  return environment['SLUICE_PACKAGE'] ?? dirname(__dirname);
}

/** The version that the Python package, and so this program, has. */
export async function readVersion(packageDir: string): Promise<string> {
  const text = await readFile(join(packageDir, '_version.py'), 'utf8');
  return /__version__ = "([^"]+)"/.exec(text)?.[1] ?? '0';
}
