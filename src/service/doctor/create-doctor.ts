import type { KnownLimits } from '../targets/known-limits';
import { Doctor, type DoctorOptions } from './doctor';
import { hasAlias, lookUpName, pythonHere, wayTo } from './look-up';

const PATIENCE_MS = 60_000;
const NETWORK_NAME = 'pypi.org';

export type CreateOptions = Pick<
  DoctorOptions,
  'hosts' | 'targets' | 'submitter' | 'clock' | 'log' | 'logPath' | 'newId' | 'allow'
> & {
  environment: Readonly<Record<string, string | undefined>>;
  limits: KnownLimits;
  /** Told when something was learned. */
  told: () => void;
};

/**
 * The doctor of a service. `SLUICE_NETWORK_NAME` is the name by which a job tells whether its node is
 * online; empty: no job asks.
 */
export function createDoctor({ environment, limits, told, ...options }: CreateOptions): Doctor {
  const env: NodeJS.ProcessEnv = environment;
  return new Doctor({
    ...options,
    wayTo: (host, sshConfig) => wayTo(host, sshConfig, env),
    lookUpName,
    hasAlias: word => hasAlias(word, env),
    pythonHere: () => pythonHere(env),
    learned: ({ host, sshConfig }, root, learned) => {
      limits.keep({ host, sshConfig, root }, learned);
      told();
    },
    networkName: (environment['SLUICE_NETWORK_NAME'] ?? NETWORK_NAME) || null,
    patienceMs: PATIENCE_MS
  });
}
