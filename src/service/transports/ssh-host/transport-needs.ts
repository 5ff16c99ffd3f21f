import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { possibleAlgorithms, readKnownHosts } from '../host-keys/host-key-check';
import { authorityFor } from '../host-keys/known-hosts';
import { keyNameOf, type SshHost } from './ssh-host';
import { readIdentityType } from './ssh-key-type';

/** Something that a host needs and ssh2 lacks. */
export type TransportNeed = {
  /** In words, after “it has”. */
  what: string;
  /** Without it the host would be reached by another way, or with fewer checks, than was written. */
  isHard: boolean;
};

const TICKET_TIMEOUT_MS = 2000;

/** What one host needs, jump hosts apart. */
export async function needsOf(host: SshHost, env: NodeJS.ProcessEnv): Promise<TransportNeed[]> {
  const [keys, ticket, authority] = await Promise.all([
    keyNeeds(host),
    host.only.gssapi ? hasTicket(env) : false,
    authorityNeeds(host)
  ]);
  const tickets = ticket ? [soft('GSSAPIAuthentication, and you have a Kerberos ticket')] : [];
  return [...settingNeeds(host), ...keys, ...tickets, ...authority];
}

const soft = (what: string): TransportNeed => ({ what, isHard: false });
const hard = (what: string): TransportNeed => ({ what, isHard: true });

/** What the settings alone tell. */
export function settingNeeds({ only, hostKeyAlgorithms: algorithms }: SshHost): TransportNeed[] {
  return [
    only.proxyCommand !== null && hard('ProxyCommand'),
    only.revokedHostKeys !== null && hard('RevokedHostKeys'),
    only.knownHostsCommand !== null && soft('KnownHostsCommand'),
    only.pkcs11Provider !== null && soft('PKCS11Provider'),
    only.hostbased && soft('HostbasedAuthentication'),
    only.bound !== null && soft('BindAddress or BindInterface'),
    possibleAlgorithms(algorithms).length === 0 && hard('HostKeyAlgorithms of OpenSSH alone'),
    ...only.certificateFiles.map(file => soft(`a certificate (${file})`)),
    ...only.undecided.map(what => soft(what))
  ].filter(need => need !== false);
}

async function keyNeeds({ identityFiles, only }: SshHost): Promise<TransportNeed[]> {
  const needs = identityFiles.map(async file => {
    const certificate = `${file}-cert.pub`;
    const hasCertificate = await exists(certificate);
    const type = await readIdentityType(file);
    return [
      hasCertificate && !only.certificateFiles.includes(certificate)
        ? soft(`a certificate (${certificate})`)
        : null,
      type?.startsWith('sk-') === true ? soft(`a security key (${file})`) : null
    ];
  });
  return (await Promise.all(needs)).flat().filter(need => need !== null);
}

async function authorityNeeds(host: SshHost): Promise<TransportNeed[]> {
  const line = authorityFor(await readKnownHosts(host), keyNameOf(host));
  return line === null ? [] : [soft(`an authority for its host key (${line.file}:${line.line})`)];
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false
  );

/** Whether there is a Kerberos ticket that counts; without `klist` nobody can say, and none is assumed. */
function hasTicket(env: NodeJS.ProcessEnv): Promise<boolean> {
  return new Promise(resolve => {
    execFile('klist', ['-s'], { env, timeout: TICKET_TIMEOUT_MS }, error => {
      resolve(error === null);
    });
  });
}
