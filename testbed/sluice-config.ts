import type { Layout } from './layout.ts';
import { SSH_ALIAS } from './ssh-conf.ts';

/** The text of the Sluice configuration with the testbed's two targets. */
export function renderSluiceConfig(layout: Layout, python: string): string {
  const shared = {
    scheduler: 'slurm',
    root: layout.clusterRoot,
    python,
    environment: 'none',
    trust: 'outputs'
  };
  const overSsh = { ...shared, host: SSH_ALIAS, ssh_config: layout.sshConfig };
  return `default = "testbed"

[targets.testbed]
${tomlLines(overSsh)}

[targets.testbed-login]
${tomlLines(shared)}
`;
}

/** The variables under which Sluice and Slurm's commands use this testbed. */
export function environmentOf(layout: Layout): Record<string, string> {
  return {
    SLURM_CONF: layout.slurmConf,
    SLUICE_CONFIG: layout.sluiceConfig,
    SLUICE_STATE: layout.sluiceState
  };
}

/** `export` lines for a POSIX shell. */
export function renderExports(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join('');
}

function tomlLines(values: Readonly<Record<string, string>>): string {
  // A JSON string is a TOML basic string too.
  return Object.entries(values)
    .map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
    .join('\n');
}
