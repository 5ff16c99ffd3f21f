import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { CHECKOUT_PYTHON } from '../../testbed/write-files.ts';

/**
 * A state directory and a configuration of a service's own. Jobs on `here` run in the checkout's
 * Python, as those of a kernel of this checkout do.
 */
export async function makeOwnState(scratch: string): Promise<Record<string, string>> {
  const state = await mkdtemp(join(scratch, 's'));
  const config = join(state, 'config.toml');
  // A JSON string is a TOML basic string too.
  await writeFile(
    config,
    `default = "here"\n[targets.here]\npython = ${JSON.stringify(CHECKOUT_PYTHON)}\n`
  );
  return { SLUICE_STATE: state, SLUICE_CONFIG: config };
}
