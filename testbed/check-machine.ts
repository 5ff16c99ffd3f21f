import { networkInterfaces } from 'node:os';

import { findProgram } from './find-program.ts';
import { TestbedError } from './testbed-error.ts';

/** The Debian package that brings each program that the testbed needs. */
const PACKAGE_OF: Readonly<Record<string, string>> = {
  munged: 'munge',
  slurmctld: 'slurm-wlm',
  slurmd: 'slurm-wlm',
  sbatch: 'slurm-wlm',
  scontrol: 'slurm-wlm',
  sshd: 'openssh-server',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  rsync: 'rsync'
};

/** What only the accounting needs. */
const PACKAGE_OF_MORE: Readonly<Record<string, string>> = {
  slurmdbd: 'slurmdbd',
  mariadbd: 'mariadb-server'
};

/** Refuses a machine on which the testbed cannot run, and says what it lacks. */
export function checkMachine(): void {
  if (process.platform !== 'linux') {
    throw new TestbedError('The testbed runs on Linux only: Slurm and /proc are needed.', 2);
  }
  const missing = Object.keys(PACKAGE_OF).filter(name => findProgram(name) === undefined);
  if (missing.length > 0) {
    throw new TestbedError(describeMissing(missing, process.getuid?.() === 0), 2);
  }
  if (!hasOutsideAddress(networkInterfaces())) {
    throw new TestbedError(
      'Slurm looks up addresses only where a network interface besides loopback has an IPv4 ' +
        'address, and here none has. As root: ip link add sluice0 type dummy && ' +
        'ip address add 192.168.250.1/32 dev sluice0 && ip link set sluice0 up',
      2
    );
  }
}

/** One line that names what is missing and the command that brings it. */
export function describeMissing(programs: readonly string[], isRoot: boolean): string {
  const packages = [
    ...new Set(programs.map(name => PACKAGE_OF[name] ?? PACKAGE_OF_MORE[name] ?? name))
  ];
  const command = `apt-get install --no-install-recommends ${packages.join(' ')}`;
  return `Missing here: ${programs.join(', ')}. Run: ${isRoot ? '' : 'sudo '}${command}`;
}

/** The path of a program that not every testbed needs; refuses where it is not installed. */
export function requireProgram(name: string): string {
  const program = findProgram(name);
  if (program === undefined) {
    throw new TestbedError(describeMissing([name], process.getuid?.() === 0), 2);
  }
  return program;
}

/** Whether some interface besides loopback has an IPv4 address. */
export function hasOutsideAddress(interfaces: ReturnType<typeof networkInterfaces>): boolean {
  return Object.values(interfaces)
    .flatMap(addresses => addresses ?? [])
    .some(({ family, internal }) => family === 'IPv4' && !internal);
}
