import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runQuietly } from '../run.mjs';
import { PlainError, say } from '../say.mjs';

// The program that shows that a package is there.
const packages = {
  munge: 'munged',
  'slurm-wlm': 'slurmctld',
  slurmdbd: 'slurmdbd',
  'mariadb-server': 'mariadbd',
  'openssh-server': 'sshd',
  'openssh-client': 'ssh',
  rsync: 'rsync',
  // The login shells that scripts must survive.
  tcsh: 'tcsh',
  zsh: 'zsh',
  fish: 'fish',
  chromium: 'chromium'
};

const searched = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin', '/usr/local/sbin'];

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const isThere = program => searched.some(folder => isExecutable(join(folder, program)));

const policy = '/usr/sbin/policy-rc.d';

/** Runs the body while package scripts are told to start no daemon; puts back what was there. */
async function withoutDaemons(body) {
  const before = existsSync(policy) ? readFileSync(policy) : undefined;
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return await body();
  } finally {
    if (before === undefined) {
      rmSync(policy);
    } else {
      writeFileSync(policy, before, { mode: 0o755 });
    }
  }
}

async function install(missing) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  say(`debian: apt-get install ${missing.join(' ')} (one to three minutes) ...`);
  await runQuietly('apt-get', ['update', '-q'], { env });
  await withoutDaemons(() =>
    runQuietly('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing], { env })
  );
  say('debian: done');
}

/** The system's packages that the tests and the testbed need, installed when that is allowed. */
export async function installDebianPackages() {
  const missing = Object.keys(packages).filter(name => !isThere(packages[name]));
  if (missing.length === 0) {
    return;
  }
  if (process.getuid?.() !== 0 || !isThere('apt-get')) {
    throw new PlainError(`please run: sudo apt-get install -y ${missing.join(' ')}`, 2);
  }
  await install(missing);
  const still = missing.filter(name => !isThere(packages[name]));
  if (still.length > 0) {
    throw new PlainError(`apt-get did not bring ${still.join(', ')}`, 2);
  }
}
