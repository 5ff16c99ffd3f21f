import { homedir, hostname } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the service of this person on this host keeps its state, and what configures it. */
export type Place = { state: string; config: string };

function absolute(path: string): string {
  return resolve(path.replace(/^~(?=\/|$)/, homedir()));
}

/** XDG's rule: a base directory that is not absolute counts as unset. */
function base(named: string | undefined, fallback: string): string {
  return named !== undefined && isAbsolute(named) ? named : fallback;
}

/** The place that the environment names. */
export function placeFrom(environment: Environment): Place {
  const { SLUICE_STATE, SLUICE_CONFIG, XDG_STATE_HOME, XDG_CONFIG_HOME } = environment;
  const states = base(XDG_STATE_HOME, join(homedir(), '.local', 'state'));
  const configs = base(XDG_CONFIG_HOME, join(homedir(), '.config'));
  return {
    state: SLUICE_STATE ? absolute(SLUICE_STATE) : join(states, 'sluice', hostname()),
    config: SLUICE_CONFIG ? absolute(SLUICE_CONFIG) : join(configs, 'sluice', 'config.toml')
  };
}

/** The service's own log. */
export function logPathOf({ state }: Place): string {
  return join(state, 'service.log');
}
