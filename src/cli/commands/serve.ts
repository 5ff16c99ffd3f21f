import { serve } from '../../service/main';
import { packageDirectory, readVersion } from '../package-directory';

/** Run the service until nobody needs it. */
export async function serveCommand(): Promise<void> {
  const packageDir = packageDirectory(process.env);
  const version = await readVersion(packageDir);
  await serve({ packageDir, version, environment: process.env });
}
