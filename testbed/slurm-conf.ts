import type { Layout } from './layout.ts';

/** The cluster's name, by which accounting knows it too. */
export const CLUSTER_NAME = 'testbed';

/** What slurm.conf depends on. */
export type SlurmConfInput = {
  layout: Layout;
  user: string;
  /** Slurm compares it with the machine's own name. */
  hostName: string;
  controllerPort: number;
  nodes: readonly { name: string; port: number }[];
  knobLines: readonly string[];
};

const NODE_RESOURCES = 'CPUs=4 RealMemory=8000 Gres=gpu:2 State=UNKNOWN';

/** The text of slurm.conf. */
export function renderSlurmConf(input: SlurmConfInput): string {
  const sections = [
    identity(input),
    places(input.layout),
    plugins(),
    timing(),
    input.knobLines,
    nodes(input),
    partitions()
  ];
  return `${sections.flat().join('\n')}\n`;
}

/** Devices that exist everywhere stand for two GPUs per node; a count without files is refused. */
export function renderGresConf(nodeNames: readonly string[]): string {
  const lines = nodeNames.map(name => `NodeName=${name} Name=gpu File=/dev/null,/dev/zero`);
  return ['AutoDetect=off', ...lines, ''].join('\n');
}

/** Without a line of its own slurmd looks for cgroups that an ordinary user does not have. */
export function renderCgroupConf(slurmMajorVersion: number, hasLimits = false): string {
  if (hasLimits) {
    const limits = ['ConstrainRAMSpace=yes', 'ConstrainSwapSpace=yes', 'AllowedSwapSpace=0'];
    return ['CgroupPlugin=cgroup/v1', 'CgroupMountpoint=/sys/fs/cgroup', ...limits, ''].join('\n');
  }
  return `CgroupPlugin=${slurmMajorVersion < 23 ? 'cgroup/v1' : 'disabled'}\n`;
}

/** The major version in what `slurmd -V` prints, such as `slurm-wlm 22.05.8`. */
export function parseSlurmMajorVersion(text: string): number | undefined {
  const match = /(\d+)\.\d+/.exec(text);
  return match ? Number(match[1]) : undefined;
}

function identity({ layout, user, hostName, controllerPort }: SlurmConfInput): string[] {
  return [
    `ClusterName=${CLUSTER_NAME}`,
    `SlurmctldHost=${hostName}(127.0.0.1)`,
    `SlurmctldPort=${controllerPort}`,
    `SlurmUser=${user}`,
    `SlurmdUser=${user}`,
    'AuthType=auth/munge',
    `AuthInfo=socket=${layout.mungeSocket}`,
    'CredType=cred/munge'
  ];
}

function places(layout: Layout): string[] {
  return [
    `StateSaveLocation=${layout.controllerState}`,
    `SlurmdSpoolDir=${layout.spoolDir}/%n`,
    `SlurmctldPidFile=${layout.runDir}/slurmctld.pid`,
    `SlurmdPidFile=${layout.runDir}/slurmd.%n.pid`,
    `SlurmctldLogFile=${layout.logDir}/slurmctld.log`,
    `SlurmdLogFile=${layout.logDir}/slurmd.%n.log`,
    'JobCompType=jobcomp/filetxt',
    `JobCompLoc=${layout.logDir}/jobcomp.txt`
  ];
}

function plugins(): string[] {
  return [
    'MailProg=/bin/true',
    'ProctrackType=proctrack/linuxproc',
    'SwitchType=switch/none',
    'MpiDefault=none',
    'JobAcctGatherType=jobacct_gather/linux',
    'JobAcctGatherFrequency=task=2',
    'SelectType=select/cons_tres',
    'SelectTypeParameters=CR_Core_Memory',
    'DefMemPerCPU=1000',
    'SchedulerType=sched/backfill',
    'PreemptType=preempt/partition_prio',
    'PreemptMode=REQUEUE',
    'GresTypes=gpu',
    // Lets nodes claim processors and memory that this machine may not have.
    'SlurmdParameters=config_overrides'
  ];
}

function timing(): string[] {
  return ['ReturnToService=2', 'SlurmctldTimeout=30', 'SlurmdTimeout=30', 'InactiveLimit=0'];
}

function nodes(input: SlurmConfInput): string[] {
  const lines = input.nodes.map(
    ({ name, port }) => `NodeName=${name} NodeAddr=127.0.0.1 Port=${port}`
  );
  return [`NodeName=DEFAULT ${NODE_RESOURCES}`, ...lines];
}

function partitions(): string[] {
  return [
    'PartitionName=DEFAULT Nodes=ALL MaxTime=INFINITE State=UP',
    'PartitionName=main Default=YES PriorityTier=10',
    'PartitionName=low PriorityTier=1 PreemptMode=REQUEUE',
    'PartitionName=high PriorityTier=100 PreemptMode=OFF'
  ];
}
