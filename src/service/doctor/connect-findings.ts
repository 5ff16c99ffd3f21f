import type { ErrorCode, SluiceError } from '../../shared/errors';
import type { Connection } from '../../shared/wire/connection';
import type { DoctorRun } from './doctor-run';
import type { StepId } from './steps';

/** The way to a host, as its SSH configuration tells it. */
export type Way = {
  hostName: string;
  port: number;
  user: string;
  /** Hosts in between, the first one first. */
  jumps: string[];
  /** A command makes the connection, so that no name is looked up here. */
  hasProxy: boolean;
};

/** What looking up a name gave: an address, or what was said instead. */
export type LookUp = { address: string } | { problem: string };

export const CONNECT_STEPS = ['name', 'port', 'host-key', 'login'] as const satisfies StepId[];

const BLAME: Readonly<Partial<Record<ErrorCode, StepId>>> = {
  'config-invalid': 'configuration',
  'host-unreachable': 'port',
  'host-key-unknown': 'host-key',
  'host-key-changed': 'host-key',
  'host-key-revoked': 'host-key',
  'authentication-refused': 'login',
  'needs-login': 'login',
  'login-canceled': 'login',
  'login-paused': 'login',
  'openssh-missing': 'login',
  'connection-lost': 'login',
  'remote-timeout': 'login'
};

/** Which step an error of the connection belongs to; one that is none of it is the shell's. */
export function blameOf(error: SluiceError, lookUp: LookUp | null): StepId {
  const step = isAboutKey(error) ? 'host-key' : (BLAME[error.code] ?? 'shell');
  return step === 'port' && lookUp !== null && 'problem' in lookUp ? 'name' : step;
}

/** A login may also wait for a word on a key that nobody knows yet. */
const isAboutKey = ({ details }: SluiceError): boolean =>
  details.question === 'host-key' || details.fingerprint !== undefined;

/** Over jump hosts only the first name is looked up here. */
export function nameToLookUp({ hostName, jumps, hasProxy }: Way): string | null {
  return hasProxy ? null : (jumps[0] ?? hostName);
}

const problemOf = (lookUp: LookUp): string => ('problem' in lookUp ? lookUp.problem : '');

function nameWords(way: Way, lookUp: LookUp | null): string {
  const name = nameToLookUp(way);
  const last = way.jumps.length > 0 ? `; ${way.hostName} is looked up by the last of them` : '';
  const over = way.jumps.length > 0 ? `over ${way.jumps.join(', ')}: ` : '';
  if (name === null || lookUp === null) {
    return `${way.hostName} is looked up by a command of your SSH configuration`;
  }
  const found = 'address' in lookUp ? lookUp.address : null;
  const said = found === null ? `${name}: ${problemOf(lookUp)}` : `${name} is ${found}`;
  const answer = found === name ? `${name}, an address` : said;
  return `${over}${answer}${last}`;
}

function loginWords({ user }: Way, { via, words }: Connection): string {
  const how =
    via === 'openssh' ? 'the system’s OpenSSH' : via === 'ssh2' ? 'the built-in SSH' : via;
  return `as ${user}, through ${how}${words === null ? '' : ` (${words})`}`;
}

/** Write down the steps of a connection that stands. */
export function tellConnected(
  run: DoctorRun,
  way: Way,
  lookUp: LookUp | null,
  connection: Connection
): void {
  run.end('name', { state: 'passed', found: nameWords(way, lookUp) });
  run.end('port', { state: 'passed', found: `${way.port} answers` });
  run.end('host-key', { state: 'passed', found: 'known' });
  run.end('login', { state: 'passed', found: loginWords(way, connection) });
}

/** Write down the steps of a connection that failed, up to the one that did. */
export function tellRefused(
  run: DoctorRun,
  way: Way,
  lookUp: LookUp | null,
  error: SluiceError
): void {
  const blamed = blameOf(error, lookUp);
  const words: Readonly<Record<(typeof CONNECT_STEPS)[number], string>> = {
    name: nameWords(way, lookUp),
    port: `${way.port} answers`,
    'host-key': 'known',
    login: `as ${way.user}`
  };
  const at = CONNECT_STEPS.findIndex(id => id === blamed);
  const passed =
    blamed === 'configuration' ? [] : CONNECT_STEPS.slice(0, at === -1 ? undefined : at);
  for (const id of passed) {
    run.end(id, { state: 'passed', found: words[id] });
  }
  run.end(blamed, { state: 'failed', found: error.message, problem: error });
}

/** This machine needs no connection. */
export function tellHere(run: DoctorRun): void {
  for (const id of CONNECT_STEPS) {
    run.end(id, { state: 'passed', found: 'not needed: jobs are handed over on this machine' });
  }
}
