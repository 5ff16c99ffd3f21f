import { dirname, join } from 'node:path';

/** Where everything of one testbed is. */
export type Layout = {
  dir: string;
  /** Short, and the testbed's own directory where that is short. */
  runtimeDir: string;
  slurmConf: string;
  gresConf: string;
  cgroupConf: string;
  mungeKey: string;
  controllerState: string;
  logDir: string;
  runDir: string;
  /** Of the accounting, where it is on. */
  slurmdbdConf: string;
  slurmdbdProgram: string;
  databaseDir: string;
  databaseSocket: string;
  sshdConf: string;
  /** What a login says first, and what it runs, where knobs ask for that. */
  banner: string;
  /** How slow the link is; there so that a change of it restarts the daemons. */
  link: string;
  loginScript: string;
  sshConfig: string;
  hostKey: string;
  userKey: string;
  authorizedKeys: string;
  knownHosts: string;
  sluiceConfig: string;
  /** Sluice's root on this "cluster". */
  clusterRoot: string;
  mungeSocket: string;
  mungeSeed: string;
  spoolDir: string;
  sluiceState: string;
};

/**
 * The paths of a testbed. Unix sockets take no path beyond 107 bytes, so what holds sockets
 * (munge, slurmd's spool, Sluice's state) is under `runtimeDir`, which is short.
 */
export function layoutOf(dir: string, runtimeDir: string): Layout {
  const inside = (path: string) => join(dir, path);
  return {
    dir,
    runtimeDir,
    slurmConf: inside('etc/slurm.conf'),
    gresConf: inside('etc/gres.conf'),
    cgroupConf: inside('etc/cgroup.conf'),
    mungeKey: inside('etc/munge.key'),
    controllerState: inside('slurmctld'),
    logDir: inside('log'),
    runDir: inside('run'),
    slurmdbdConf: inside('etc/slurmdbd.conf'),
    slurmdbdProgram: inside('run/slurmdbd'),
    databaseDir: inside('database'),
    databaseSocket: join(runtimeDir, 'database.sock'),
    sshdConf: inside('ssh/sshd_config'),
    banner: inside('ssh/banner'),
    link: inside('ssh/link'),
    loginScript: inside('ssh/login.sh'),
    sshConfig: inside('ssh/config'),
    hostKey: inside('ssh/host_key'),
    userKey: inside('ssh/user_key'),
    authorizedKeys: inside('ssh/authorized_keys'),
    knownHosts: inside('ssh/known_hosts'),
    sluiceConfig: inside('sluice.toml'),
    clusterRoot: inside('cluster'),
    mungeSocket: join(runtimeDir, 'munge/munge.sock'),
    mungeSeed: join(runtimeDir, 'munge/munged.seed'),
    spoolDir: join(runtimeDir, 'spool'),
    sluiceState: join(runtimeDir, 'sluice')
  };
}

/** The longest directory below which every socket's path still fits. */
export const LONGEST_RUNTIME_DIR = 60;

/** The folders that must exist before anything starts. */
export function foldersOf(layout: Layout, nodeNames: readonly string[]): string[] {
  return [
    layout.dir,
    layout.runtimeDir,
    dirname(layout.slurmConf),
    dirname(layout.sshdConf),
    dirname(layout.mungeSocket),
    layout.controllerState,
    layout.logDir,
    layout.runDir,
    layout.clusterRoot,
    ...nodeNames.map(name => join(layout.spoolDir, name))
  ];
}

/** The record of a testbed's settings, by which it is recognised. */
export function recordFileOf(dir: string): string {
  return join(dir, 'testbed.json');
}
