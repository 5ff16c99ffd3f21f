import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { Client, type ConnectConfig } from 'ssh2';
import { SluiceError } from '../../../shared/errors';
import { untilAborted } from '../deadline';
import { deferred } from '../deferred';
import { type HostKeyCheck, prepareHostKeyCheck } from '../host-keys/host-key-check';
import { watchLink } from './link-watch';
import { type RunAfter, runAfter } from './login-clock';
import type { ILoginAttempt } from '../login/login-prompter';
import { type ISshAuthentication, prepareAuthentication } from './ssh-authentication';
import type { SshHost } from '../ssh-host/ssh-config';
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
  /** Absent: by the clock of this machine. */
  after?: RunAfter;
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
  options: Ssh2LinkOptions
): Promise<Ssh2Link> {
  const { target, attempt, signal, after = runAfter } = options;
  const [hostKeys, authentication] = await Promise.all([
    prepareHostKeyCheck(host),
    prepareAuthentication(host)
  ]);
  signal.throwIfAborted();
  const socket = await openSocket(host, through, options);
  const client = new Client();
  const login = new Ssh2Login({ client, socket, host, target, authentication, signal, after });
  client.connect(connectConfig(host, socket, login, { hostKeys, authentication, attempt }));
  socket.once('data', () => login.hear());
  void through?.gone.then(reason => login.fail(reason));
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
};

function connectConfig(
  host: SshHost,
  socket: Duplex,
  login: Ssh2Login,
  { hostKeys, authentication, attempt }: Checks
): ConnectConfig {
  const { clock, over: signal } = login;
  return {
    // ssh2 takes any duplex; its types ask for less than it needs.
    sock: socket,
    username: host.user,
    // It would count a person's time, too.
    readyTimeout: 0,
    // These only ask; whether the link is dead is decided by all that arrives.
    keepaliveInterval: host.aliveIntervalMs,
    keepaliveCountMax: Number.MAX_SAFE_INTEGER,
    algorithms: { serverHostKey: hostKeys.algorithms, cipher: CIPHERS },
    authHandler: authentication.follow({
      attempt,
      clock,
      signal,
      fail: error => login.fail(error)
    }),
    hostVerifier: hostVerifier(host, login, { hostKeys, attempt })
  };
}

/** Keys are exchanged anew on a long connection: the key that was accepted is then known. */
function hostVerifier(
  host: SshHost,
  login: Ssh2Login,
  { hostKeys, attempt }: Omit<Checks, 'authentication'>
): (blob: Buffer, answer: (isGood: boolean) => void) => void {
  let accepted: Buffer | null = null;
  const verify = async (blob: Buffer): Promise<boolean> => {
    if (accepted?.equals(blob) === true) {
      return true;
    }
    login.clock.pause();
    login.isAtHostKey = true;
    const refusal = await hostKeys.verify(blob, attempt, login.over).finally(() => {
      login.isAtHostKey = false;
    });
    if (refusal !== null) {
      login.fail(refusal);
      return false;
    }
    accepted = Buffer.from(blob);
    login.clock.expect(host.connectTimeoutMs);
    return true;
  };
  return (blob, answer) => {
    // A login that has failed is ended already, and ssh2 throws when it hears an answer after the end.
    verify(blob)
      .then(isGood => {
        if (isGood) {
          answer(true);
        }
      })
      .catch((error: unknown) => login.fail(error as Error));
  };
}

async function openSocket(
  host: SshHost,
  through: Ssh2Link | undefined,
  { target, signal, after = runAfter }: Ssh2LinkOptions
): Promise<Duplex> {
  const { alias, hostName, port, user, connectTimeoutMs } = host;
  if (through === undefined) {
    return connect({ host: hostName, port, noDelay: true });
  }
  const context = { phase: 'login', target, host: alias, user } as const;
  const opening = new Promise<Duplex>((resolve, reject) => {
    through.client.forwardOut('127.0.0.1', 0, hostName, port, (error, channel) =>
      error === undefined ? resolve(channel) : reject(translateSshError(error, context))
    );
  });
  const late = deferred<never>();
  const stop = after(connectTimeoutMs, () => {
    const problem = `the jump host gets no answer from it within ${Math.ceil(connectTimeoutMs / 1000)} s`;
    late.reject(new SluiceError('host-unreachable', { target, host: alias, user, problem }));
  });
  const gone = through.gone.then(reason => {
    throw reason;
  });
  try {
    return await untilAborted(Promise.race([opening, late.promise, gone]), signal);
  } finally {
    stop();
  }
}
