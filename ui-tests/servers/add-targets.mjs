// addTargets(CONFIG): beside the testbed's own targets those that only user stories need.
import { appendFile, readFile } from 'node:fs/promises';

const LOGIN = /^\[targets\.testbed-login\]\n((?:.+\n)*)/m;

/** `small` takes little variables only; `picky` asks for what Slurm has not; `away` is nowhere. */
export async function addTargets(config) {
  const [, onTestbed] = LOGIN.exec(await readFile(config, 'utf8')) ?? [];
  if (onTestbed === undefined) {
    throw new Error(`${config} has no [targets.testbed-login]`);
  }
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
`
  );
}
