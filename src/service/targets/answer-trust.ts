import { SluiceError } from '../../shared/errors';
import { readConfigFile } from './config-file';
import type { KnownTrust } from './known-trust';
import { saveTarget } from './save-target';
import type { Target, Trust } from './target';

export type TrustPlaces = {
  /** The person's configuration file. */
  userPath: string;
  known: KnownTrust;
};

/**
 * Note how far a person trusts a target: in the person's configuration file where the target's table is,
 * else in the state directory. Returns the file that has it now.
 *
 * Errors: `request-invalid` for this machine, which is always trusted; `config-invalid`, `config-not-written`.
 */
export async function answerTrust(
  target: Target,
  trust: Trust,
  { userPath, known }: TrustPlaces
): Promise<string> {
  if (target.name === 'here') {
    const problem = '“here” is this machine, which runs what you run in any case';
    throw new SluiceError('request-invalid', { problem });
  }
  const own = readConfigFile(userPath)?.targets[target.name];
  if (own === undefined) {
    known.keep(target, trust);
    return known.path;
  }
  await saveTarget(userPath, target.name, [{ key: 'trust', value: trust }]);
  return userPath;
}
