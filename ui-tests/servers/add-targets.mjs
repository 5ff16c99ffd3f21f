// addTargets(CONFIG): beside the testbed's own targets those that only user stories need.
import { appendFile, readFile } from 'node:fs/promises';

/** Hosts with a password and a code; each story has its own, since a login lasts. */
export const HOSTS_THAT_ASK = [
  'phone',
  'phone-later',
  'phone-doctor',
  'phone-tabs',
  'phone-wrong',
  'phone-light',
  'phone-dark',
  'phone-seven',
  'phone-forced'
];

const LOGIN = /^\[targets\.testbed-login\]\n((?:.+\n)*)/m;

/** `small` takes little variables only; `picky` asks for what Slurm has not; `away` is nowhere. */
export async function addTargets(config, hostsDir) {
  const [, onTestbed] = LOGIN.exec(await readFile(config, 'utf8')) ?? [];
  if (onTestbed === undefined) {
    throw new Error(`${config} has no [targets.testbed-login]`);
  }
  const [python] = /^python = .*$/m.exec(onTestbed) ?? [''];
  const asking = HOSTS_THAT_ASK.map(
    name => `
[targets.${name}]
scheduler = "process"
host = "${name}"
ssh_config = "${hostsDir}/config"
root = "${hostsDir}/root-${name}"
${python}
trust = "outputs"
environment = "none"
`
  );
  await appendFile(
    config,
    `
[targets.small]
${onTestbed}max_variable = "1M"

[targets.picky]
${onTestbed}partition = "nowhere"

[targets.away]
scheduler = "slurm"
host = "cluster.invalid"
${asking.join('')}`
  );
}
