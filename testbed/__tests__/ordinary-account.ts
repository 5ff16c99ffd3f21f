import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';

const CHECKOUT = join(import.meta.dirname, '..', '..');
const COMMAND_TIMEOUT_MS = 60_000;

/** What a command of the account printed and its status. */
export type AccountResult = { status: number | null; stdout: string; stderr: string };

/** An ordinary user's account with an empty home, whoever runs the test. */
export type OrdinaryAccount = {
  home: string;
  uid: number;
  /** Runs a program; the words NODE and MAIN stand for Node and testbed/main.ts. */
  run: (words: readonly string[], input?: string) => AccountResult;
};

/**
 * An ordinary user runs the test: that account with another home. Root does: an account that only
 * exists in the commands' own view of the file system, so that the machine's users stay as they are.
 */
export function makeOrdinaryAccount(scratch: string): OrdinaryAccount {
  return process.getuid?.() === 0 ? makeInvented(scratch) : makeOwn(scratch);
}

function makeOwn(scratch: string): OrdinaryAccount {
  const home = join(scratch, 'home');
  mkdirSync(home);
  const places = { NODE: process.execPath, MAIN: join(CHECKOUT, 'testbed', 'main.ts') };
  const run = (words: readonly string[], input = ''): AccountResult =>
    runIn(home, userInfo().username, fill(words, places), input);
  return { home, uid: userInfo().uid, run };
}

function makeInvented(scratch: string): OrdinaryAccount {
  const name = 'testbed-user';
  const uid = findFreeUid();
  const home = join(scratch, 'home');
  const passwd = join(scratch, 'passwd');
  const group = join(scratch, 'group');
  const line = `${name}:x:${String(uid)}:${String(uid)}::${home}:/bin/bash\n`;
  writeFileSync(passwd, readFileSync('/etc/passwd', 'utf8') + line);
  // Whatever the runner's umask is, the account reads who it is.
  chmodSync(passwd, 0o644);
  writeFileSync(group, `${readFileSync('/etc/group', 'utf8')}${name}:x:${String(uid)}:\n`);
  for (const folder of [home, join(scratch, 'checkout')]) {
    mkdirSync(folder);
  }
  const node = join(scratch, 'node');
  writeFileSync(node, '');
  chownSync(home, uid, uid);
  const mounts = [passwd, '/etc/passwd', group, '/etc/group', CHECKOUT, join(scratch, 'checkout')];
  const places = { NODE: node, MAIN: join(scratch, 'checkout', 'testbed', 'main.ts') };
  const run = (words: readonly string[], input = ''): AccountResult => {
    const inside = [...asUser(uid), ...fill(words, places)];
    return runIn(home, name, withMounts([...mounts, process.execPath, node], inside), input);
  };
  return { home, uid, run };
}

/** The checkout and Node are shown at places that the account can reach: root's home is closed. */
function withMounts(pairs: readonly string[], words: readonly string[]): string[] {
  const script =
    'while [ "$1" != -- ]; do mount --bind "$1" "$2" && mount -o remount,bind,ro "$2" || exit 99; ' +
    'shift 2; done; shift; exec "$@"';
  const shell = ['sh', '-c', script, 'sh', ...pairs, '--', ...words];
  return ['unshare', '--mount', '--propagation', 'private', ...shell];
}

function asUser(uid: number): string[] {
  return ['setpriv', `--reuid=${String(uid)}`, `--regid=${String(uid)}`, '--clear-groups'];
}

function runIn(
  home: string,
  user: string,
  [program, ...args]: string[],
  input: string
): AccountResult {
  const env = { HOME: home, USER: user, LOGNAME: user, PATH: '/usr/bin:/bin' };
  const options = { env, cwd: '/', input, encoding: 'utf8' as const, timeout: COMMAND_TIMEOUT_MS };
  const { status, stdout, stderr, error } = spawnSync(program ?? '', args, options);
  if (error) {
    throw error;
  }
  return { status, stdout, stderr };
}

function fill(words: readonly string[], places: Readonly<Record<string, string>>): string[] {
  return words.map(word => places[word] ?? word);
}

function findFreeUid(): number {
  const used = new Set(
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map(line => Number(line.split(':')[2]))
  );
  let uid = 61_600;
  while (used.has(uid)) {
    uid += 1;
  }
  return uid;
}
