import { existsSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';

import { accountingLines, renderSlurmdbdConf, SLURMDBD } from './accounting.ts';
import { findProgram } from './find-program.ts';
import { hasSlowLink, loginLinesOfKnobs, slurmConfOfKnobs, sshdConfOfKnobs } from './knobs.ts';
import { foldersOf } from './layout.ts';
import { renderLoginScript } from './login-script.ts';
import { LINK, slurmdNameOf } from './parts.ts';
import { readIfThere } from './read-if-there.ts';
import { runChecked } from './run-command.ts';
import {
  parseSlurmMajorVersion,
  renderCgroupConf,
  renderGresConf,
  renderSlurmConf
} from './slurm-conf.ts';
import { renderSluiceConfig } from './sluice-config.ts';
import {
  renderKnownHosts,
  renderSshConfig,
  renderSshdConf,
  type SshConfInput
} from './ssh-conf.ts';
import { MEMBER_VARIABLE } from './start-part.ts';
import { nodeNamesOf, type Testbed } from './testbed.ts';
import { TestbedError } from './testbed-error.ts';

/** The Python of this checkout's set-up; it need not be there yet. */
export const CHECKOUT_PYTHON = join(import.meta.dirname, '..', '.venv', 'bin', 'python');

/** The text of each configuration file that daemons read, by its path. */
export async function renderDaemonFiles(testbed: Testbed): Promise<Map<string, string>> {
  const { layout, record } = testbed;
  const nodeNames = nodeNamesOf(record);
  const nodes = nodeNames.map(name => ({ name, port: portOf(testbed, slurmdNameOf(name)) }));
  const accountingPort = portOf(testbed, SLURMDBD);
  const user = userInfo().username;
  const slurmConf = renderSlurmConf({
    layout,
    user,
    hostName: hostname().split('.')[0] ?? hostname(),
    controllerPort: portOf(testbed, 'slurmctld'),
    nodes,
    knobLines: [
      ...slurmConfOfKnobs(record.knobs),
      ...(record.knobs.accounting === 'on' ? accountingLines(layout, accountingPort) : [])
    ]
  });
  return new Map([
    [layout.slurmConf, slurmConf],
    [layout.gresConf, renderGresConf(nodeNames)],
    [layout.slurmdbdConf, renderSlurmdbdConf(layout, user, accountingPort)],
    [
      layout.cgroupConf,
      renderCgroupConf(await readSlurmMajorVersion(), record.knobs.outOfMemory === 'cgroup')
    ],
    [layout.sshdConf, renderSshdConf(sshInputOf(testbed))],
    [layout.link, `${record.knobs.latencyMs} ${record.knobs.bytesPerSecond}\n`],
    [layout.banner, `${record.knobs.banner}\n`],
    [layout.loginScript, renderLoginScript(loginLinesOfKnobs(record.knobs))]
  ]);
}

/** Whether one of the files is on disk with another text, or not at all. */
export async function doFilesDiffer(files: ReadonlyMap<string, string>): Promise<boolean> {
  const texts = await Promise.all([...files.keys()].map(readIfThere));
  return [...files.values()].some((text, index) => text !== texts[index]);
}

/** Makes the folders, the keys that are missing, and every file. */
export async function writeFiles(
  testbed: Testbed,
  daemonFiles: ReadonlyMap<string, string>
): Promise<void> {
  const { layout } = testbed;
  await makeFolders(testbed);
  await Promise.all([
    makeMungeKey(layout.mungeKey),
    makeSshKey(layout.hostKey),
    makeSshKey(layout.userKey)
  ]);
  await copyFile(`${layout.userKey}.pub`, layout.authorizedKeys);
  const hostKey = await readFile(`${layout.hostKey}.pub`, 'utf8');
  const clientFiles: [string, string][] = [
    [layout.sshConfig, renderSshConfig(sshInputOf(testbed))],
    [layout.knownHosts, renderKnownHosts(clientPortOf(testbed), hostKey)],
    [layout.sluiceConfig, renderSluiceConfig(layout, CHECKOUT_PYTHON)]
  ];
  await Promise.all(
    [...daemonFiles, ...clientFiles].map(([file, text]) => writeFile(file, text, { mode: 0o600 }))
  );
}

/** Makes the folders of a testbed, closed to others. */
export async function makeFolders({ layout, record }: Testbed): Promise<void> {
  for (const folder of foldersOf(layout, nodeNamesOf(record))) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
}

function sshInputOf(testbed: Testbed): SshConfInput {
  const { layout, record } = testbed;
  return {
    layout,
    user: userInfo().username,
    port: portOf(testbed, 'sshd'),
    clientPort: clientPortOf(testbed),
    sessionEnvironment: { SLURM_CONF: layout.slurmConf, [MEMBER_VARIABLE]: layout.dir },
    knobLines: sshdConfOfKnobs(record.knobs),
    hasBanner: record.knobs.banner !== 'none',
    hasLoginScript: loginLinesOfKnobs(record.knobs).length > 0
  };
}

function clientPortOf(testbed: Testbed): number {
  return portOf(testbed, hasSlowLink(testbed.record.knobs) ? LINK : 'sshd');
}

function portOf({ record }: Testbed, partName: string): number {
  const port = record.ports[partName];
  if (port === undefined) {
    throw new TestbedError(`The testbed's record has no port for ${partName}.`);
  }
  return port;
}

async function readSlurmMajorVersion(): Promise<number> {
  const text = await runChecked(findProgram('slurmd') ?? 'slurmd', ['-V']);
  const version = parseSlurmMajorVersion(text);
  if (version === undefined) {
    throw new TestbedError(`"slurmd -V" named no version: ${text.trim()}`, 2);
  }
  return version;
}

async function makeMungeKey(file: string): Promise<void> {
  if (!existsSync(file)) {
    await writeFile(file, randomBytes(128), { mode: 0o600 });
  }
}

async function makeSshKey(file: string): Promise<void> {
  if (!existsSync(file) || !existsSync(`${file}.pub`)) {
    const args = ['-q', '-t', 'ed25519', '-N', '', '-C', 'sluice-testbed', '-f', file];
    await runChecked(findProgram('ssh-keygen') ?? 'ssh-keygen', args);
  }
}
