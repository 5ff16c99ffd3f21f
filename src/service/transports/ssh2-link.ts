import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { Client, type ConnectConfig } from 'ssh2';
import type { SluiceError } from '../../shared/errors';
import { type HostKeyCheck, prepareHostKeyCheck } from './host-key-check';
import { watchLink } from './link-watch';
import type { ILoginAttempt } from './login-prompter';
import { type ISshAuthentication, prepareAuthentication } from './ssh-authentication';
import type { SshHost } from './ssh-config';
import { translateSshError } from './ssh-errors';
import { Ssh2Login } from './ssh2-login';

/** A connection that is logged in. */
export type Ssh2Link = {
  readonly client: Client;
  /** Resolves with the reason when it is gone. */
  readonly gone: Promise<SluiceError>;
  /** End it, and the connections that it goes through. May be called twice. */
  end(): void;
};

// What Node's own cryptography does fastest comes first; all are OpenSSH's.
const CIPHERS: NonNullable<ConnectConfig['algorithms']>['cipher'] = [
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'chacha20-poly1305@openssh.com',
  'aes128-ctr',
  'aes192-ctr',
  'aes256-ctr'
];

/** What the logins of one link share. */
export type Ssh2LinkOptions = {
  target: string;
  attempt: ILoginAttempt;
  /** Gives the login up, with its reason. */
  signal: AbortSignal;
};

/** Log in to a host, through its jump hosts, each of which is checked like any other. */
export async function openSsh2Link(host: SshHost, options: Ssh2LinkOptions): Promise<Ssh2Link> {
  const links: Ssh2Link[] = [];
  const endAll = (): void => {
    [...links].reverse().forEach(link => link.end());
  };
  try {
    for (const hop of host.jumps) {
      links.push(await logIn(hop, links.at(-1), options));
    }
    const last = await logIn(host, links.at(-1), options);
    links.push(last);
    void last.gone.then(endAll);
    return { ...last, end: endAll };
  } catch (error) {
    endAll();
    throw error;
  }
}

async function logIn(
  host: SshHost,
  through: Ssh2Link | undefined,
  { target, attempt, signal }: Ssh2LinkOptions
): Promise<Ssh2Link> {
  const [hostKeys, authentication] = await Promise.all([
    prepareHostKeyCheck(host),
    prepareAuthentication(host)
  ]);
  signal.throwIfAborted();
  const socket = await openSocket(host, through, target);
  const client = new Client();
  const login = new Ssh2Login({ client, socket, host, target, authentication });
  client.connect(connectConfig(host, socket, login, { hostKeys, authentication, attempt, signal }));
  await login.ready;
  const stopWatch = watchLink(socket, host.aliveIntervalMs, () => {
    login.fail(new Error('nothing came from it for too long'));
    socket.destroy();
  });
  void login.gone.then(stopWatch);
  return { client, gone: login.gone, end: () => login.end() };
}

type Checks = {
  hostKeys: HostKeyCheck;
  authentication: ISshAuthentication;
  attempt: ILoginAttempt;
  signal: AbortSignal;
};

function connectConfig(
  host: SshHost,
  socket: Duplex,
  login: Ssh2Login,
  checks: Checks
): ConnectConfig {
  return {
    // ssh2 takes any duplex; its types ask for less than it needs.
    sock: socket,
    username: host.user,
    readyTimeout: host.connectTimeoutMs,
    // These only ask; whether the link is dead is decided by all that arrives.
    keepaliveInterval: host.aliveIntervalMs,
    keepaliveCountMax: Number.MAX_SAFE_INTEGER,
    algorithms: { serverHostKey: checks.hostKeys.algorithms, cipher: CIPHERS },
    authHandler: checks.authentication.handler,
    hostVerifier: (blob: Buffer, answer: (isGood: boolean) => void) => {
      void verifyHostKey(checks, blob, login).then(answer);
    }
  };
}

async function verifyHostKey(
  { hostKeys, attempt, signal }: Checks,
  blob: Buffer,
  login: Ssh2Login
): Promise<boolean> {
  try {
    const refusal = await hostKeys.verify(blob, attempt, signal);
    if (refusal !== null) {
      login.fail(refusal);
    }
    return refusal === null;
  } catch (error) {
    login.fail(error as Error);
    return false;
  }
}

async function openSocket(
  { alias, hostName, port, user }: SshHost,
  through: Ssh2Link | undefined,
  target: string
): Promise<Duplex> {
  if (through === undefined) {
    return connect({ host: hostName, port, noDelay: true });
  }
  return new Promise((resolve, reject) => {
    through.client.forwardOut('127.0.0.1', 0, hostName, port, (error, channel) => {
      if (error === undefined) {
        resolve(channel);
        return;
      }
      const context = { phase: 'login', target, host: alias, user } as const;
      reject(translateSshError(error, context));
    });
  });
}
