import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { requireProgram } from './check-machine.ts';
import type { Layout } from './layout.ts';
import type { Part } from './parts.ts';
import { trySlurm } from './slurm-commands.ts';
import type { Testbed } from './testbed.ts';
import { TestbedError } from './testbed-error.ts';
import { CLUSTER_NAME } from './slurm-conf.ts';
import { waitUntil } from './wait-until.ts';

/** The names of the daemons that are there where the knob `accounting` is on. */
export const SLURMDBD = 'slurmdbd';
export const DATABASE = 'database';

const READY_TIMEOUT_MS = 30_000;

/** slurmdbd and its MariaDB. */
export function accountingParts(testbed: Testbed): Part[] {
  return testbed.record.knobs.accounting === 'on'
    ? [database(testbed.layout), slurmdbd(testbed.layout)]
    : [];
}

/** What slurm.conf says of accounting. */
export function accountingLines(layout: Layout, port: number): string[] {
  return [
    'AccountingStorageType=accounting_storage/slurmdbd',
    'AccountingStorageHost=localhost',
    `AccountingStoragePort=${port}`,
    'AccountingStorageTRES=gres/gpu',
    // Without it clients look for the machine's own munge.
    `AccountingStoragePass=${layout.mungeSocket}`
  ];
}

/** The text of slurmdbd.conf. */
export function renderSlurmdbdConf(layout: Layout, user: string, port: number): string {
  const lines = [
    'DbdHost=localhost',
    `DbdPort=${port}`,
    `SlurmUser=${user}`,
    'AuthType=auth/munge',
    `AuthInfo=socket=${layout.mungeSocket}`,
    'StorageType=accounting_storage/mysql',
    'StorageHost=localhost',
    'StorageUser=root',
    'StorageLoc=slurm_acct_db',
    `PidFile=${layout.runDir}/slurmdbd.pid`,
    `LogFile=${layout.logDir}/slurmdbd.log`
  ];
  return `${lines.join('\n')}\n`;
}

function database(layout: Layout): Part {
  const pidFile = `${layout.runDir}/database.pid`;
  const places = [layout.databaseDir, layout.databaseSocket, pidFile];
  const log = `${layout.logDir}/${DATABASE}.log`;
  const starter = join(import.meta.dirname, 'database.ts');
  return {
    name: DATABASE,
    program: 'mariadbd',
    args: [],
    startedBy: [process.execPath, '--disable-warning=ExperimentalWarning', starter, ...places, log],
    pidFile,
    identity: [`--datadir=${layout.databaseDir}`],
    prepare: async () => {
      requireProgram('mariadbd');
    },
    stage: 0
  };
}

function slurmdbd(layout: Layout): Part {
  return {
    name: SLURMDBD,
    program: layout.slurmdbdProgram,
    args: [],
    environment: { SLURM_CONF: layout.slurmConf, MYSQL_UNIX_PORT: layout.databaseSocket },
    pidFile: `${layout.runDir}/slurmdbd.pid`,
    identity: [layout.slurmdbdProgram],
    prepare: () => linkProgram(layout),
    settle: () => registerCluster(layout),
    stage: 1
  };
}

/** It takes no argument by which one could tell it from another testbed's, so its path does. */
async function linkProgram({ slurmdbdProgram }: Layout): Promise<void> {
  const program = requireProgram(SLURMDBD);
  await rm(slurmdbdProgram, { force: true });
  await symlink(program, slurmdbdProgram);
}

/** slurmctld starts only where slurmdbd knows the cluster. */
async function registerCluster(layout: Layout): Promise<void> {
  const list = ['-n', 'list', 'cluster', 'format=cluster'];
  let known = '';
  const answers = async (): Promise<boolean> => {
    const { status, stdout, stderr } = await trySlurm(layout, 'sacctmgr', list);
    known = status === 0 ? stdout : stderr;
    return status === 0;
  };
  if (!(await waitUntil(answers, READY_TIMEOUT_MS, 100))) {
    throw new TestbedError(`slurmdbd does not answer: ${known.trim()}. See ${layout.logDir}.`);
  }
  if (!known.includes(CLUSTER_NAME)) {
    const { status, stderr } = await trySlurm(layout, 'sacctmgr', [
      '-i',
      'add',
      'cluster',
      CLUSTER_NAME
    ]);
    if (status !== 0) {
      throw new TestbedError(`slurmdbd did not take the cluster: ${stderr.trim()}`);
    }
  }
}
