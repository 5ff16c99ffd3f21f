// addTargets(CONFIG): beside the testbed's own targets those that only user stories need.
import { appendFile, chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

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

const LOST_PARTITION = 'lost';

/** An `sbatch` of which nobody can tell whether it handed the job over; only for one partition. */
const STAND_IN = `#!/bin/sh
case " $* " in
  *"--partition=${LOST_PARTITION} "*)
    echo 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation' >&2
    exit 1 ;;
esac
PATH=$(printf %s "$PATH" | tr : '\\n' | grep -vxF "\${0%/*}" | paste -sd : -)
exec sbatch "$@"
`;

/** Put programs that stand in for those of the login node into a folder. */
export async function addStandIns(folder) {
  await mkdir(folder);
  const sbatch = path.join(folder, 'sbatch');
  await writeFile(sbatch, STAND_IN);
  await chmod(sbatch, 0o755);
}

const LOGIN = /^\[targets\.testbed-login\]\n((?:.+\n)*)/m;

/**
 * `small` takes little variables only; `picky` asks for what Slurm has not; `away` is nowhere; of what is sent to
 * `lost` nobody knows what became; nobody said how far `unasked` is trusted; jobs of `brief` have seconds only.
 */
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

[targets.lost]
${onTestbed}partition = "${LOST_PARTITION}"

[targets.unasked]
scheduler = "process"
root = "${hostsDir}/root-unasked"
${python}
environment = "none"

[targets.brief]
${onTestbed}time = "1"
sbatch = ["--signal=B:USR1@50"]

[targets.away]
scheduler = "slurm"
host = "cluster.invalid"
${asking.join('')}`
  );
}
