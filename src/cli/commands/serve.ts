import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { serve } from '../../service/main';

/** Directory of the installed Python package: the bundle lies in its `service/`. */
function packageDirectory(): string {
  return process.env['SLUICE_PACKAGE'] ?? dirname(__dirname);
}

async function readVersion(packageDir: string): Promise<string> {
  const text = await readFile(join(packageDir, '_version.py'), 'utf8');
  return /__version__ = "([^"]+)"/.exec(text)?.[1] ?? '0';
}

/** Run the service until nobody needs it. */
export async function serveCommand(): Promise<void> {
  const packageDir = packageDirectory();
  const version = await readVersion(packageDir);
  await serve({ packageDir, version, environment: process.env });
}
