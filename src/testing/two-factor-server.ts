import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { connect, type AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import {
  type AuthContext,
  type Connection,
  type KeyboardAuthContext,
  type PublicKeyAuthContext,
  Server,
  utils
} from 'ssh2';

/** One round of keyboard-interactive; no prompts: the server only says something. */
export type TwoFactorRound = {
  name?: string;
  instructions?: string;
  prompts: readonly { prompt: string; echo: boolean }[];
  /** What each prompt wants; absent: anything. */
  answers?: readonly string[];
  /** What the server does before it judges the answers, such as a push to a phone. */
  wait?: () => Promise<void>;
};

export type TwoFactorOptions = {
  /** Each inner list must be passed in its order; any one of them lets in. */
  ways: readonly (readonly TwoFactorMethod[])[];
  /** For `publickey`: as `type base64`. */
  keys?: readonly string[];
  password?: string;
  rounds?: readonly TwoFactorRound[];
  banner?: string;
  /** Refused answers after which it hangs up. */
  lockAfter?: number;
  /** Authentication requests of this method are never answered. */
  silentOn?: TwoFactorMethod | 'none';
  maxSessions?: number;
  /** A right password has expired. */
  wantsNewPassword?: boolean;
  /** Where direct-tcpip goes whatever was asked for; absent: to where it was asked. */
  forwardTo?: { host: string; port: number };
  listenOn?: string;
};

export type TwoFactorMethod = 'publickey' | 'password' | 'keyboard-interactive';

/** What it was sent; answers are kept so that a test can tell that one came once. */
export type TwoFactorCount = {
  connections: number;
  logins: number;
  passwords: string[];
  answers: string[];
  /** Signatures, not mere questions whether a key would do. */
  signatures: number;
  forwards: number;
  /** Requests that it left without an answer. */
  unanswered: number;
};

/** An SSH server that asks for more than a key: a login host with a small shell, or a jump host. */
export type TwoFactorServer = {
  port: number;
  /** The host key as `type base64`. */
  hostKey: string;
  readonly count: TwoFactorCount;
  /** Cut all connections. */
  cut(): void;
  stop(): Promise<void>;
};

type Key = ReturnType<typeof utils.parseKey> & { getPublicSSH(): Buffer };

/** Start one on loopback; it listens when the promise resolves. */
export async function startTwoFactorServer(options: TwoFactorOptions): Promise<TwoFactorServer> {
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' }
  });
  const key = utils.parseKey(privateKey) as unknown as Key;
  const count: TwoFactorCount = {
    connections: 0,
    logins: 0,
    passwords: [],
    answers: [],
    signatures: 0,
    forwards: 0,
    unanswered: 0
  };
  const open = new Set<Connection>();
  const server = new Server({ hostKeys: [privateKey], banner: options.banner }, client => {
    count.connections += 1;
    open.add(client);
    client.on('error', () => undefined);
    client.once('close', () => open.delete(client));
    new TwoFactorLogin(client, options, count).follow();
    client.once('ready', () => {
      count.logins += 1;
    });
    serveForwards(client, options, count);
    serveSessions(client, options);
  });
  await new Promise<void>(resolve => server.listen(0, options.listenOn ?? '127.0.0.1', resolve));
  const cut = (): void => open.forEach(client => client.end());
  return {
    port: (server.address() as AddressInfo).port,
    hostKey: `ecdsa-sha2-nistp256 ${key.getPublicSSH().toString('base64')}`,
    count,
    cut,
    stop: async () => {
      const closed = new Promise(resolve => server.close(resolve));
      cut();
      await closed;
    }
  };
}

/** The way of one client through the methods. */
class TwoFactorLogin {
  #passed: TwoFactorMethod[] = [];
  #refused = 0;

  constructor(
    private readonly client: Connection,
    private readonly options: TwoFactorOptions,
    private readonly count: TwoFactorCount
  ) {}

  follow(): void {
    this.client.on('authentication', context => this.#judge(context));
  }

  #judge(context: AuthContext): void {
    if (context.method === this.options.silentOn) {
      this.count.unanswered += 1;
      return;
    }
    if (!this.#next().includes(context.method as TwoFactorMethod)) {
      context.reject(this.#next());
      return;
    }
    switch (context.method) {
      case 'password':
        this.count.passwords.push(context.password);
        if (this.options.wantsNewPassword === true) {
          context.requestChange('Your password has expired: ', () => undefined);
          return;
        }
        this.#end(context, context.password === this.options.password);
        return;
      case 'publickey': {
        const { keys = [] } = this.options;
        const own = keys.find(key => key.split(' ')[1] === context.key.data.toString('base64'));
        if (own !== undefined && context.signature === undefined) {
          context.accept();
          return;
        }
        this.count.signatures += own === undefined ? 0 : 1;
        this.#end(context, own !== undefined && isSignedBy(own, context), own !== undefined);
        return;
      }
      case 'keyboard-interactive':
        void this.#askRounds(context);
        return;
      default:
        context.reject(this.#next());
    }
  }

  async #askRounds(context: KeyboardAuthContext): Promise<void> {
    for (const { name = '', instructions = '', prompts, answers, wait } of this.options.rounds ??
      []) {
      const given = await new Promise<string[] | null>(resolve => {
        // Its types know of no refusal, which is given when another method is begun instead.
        context.prompt([...prompts], name, instructions, (said: string[] | Error) =>
          resolve(said instanceof Error ? null : said)
        );
      });
      if (given === null) {
        return;
      }
      this.count.answers.push(...given);
      await wait?.();
      if (answers?.some((answer, index) => given[index] !== answer) === true) {
        this.#end(context, false);
        return;
      }
    }
    this.#end(context, true);
  }

  #end(context: AuthContext, isRight: boolean, isCounted = true): void {
    if (!isRight) {
      this.#refused += isCounted ? 1 : 0;
      if (this.#refused >= (this.options.lockAfter ?? Infinity)) {
        this.client.end();
        return;
      }
      context.reject(this.#next());
      return;
    }
    this.#passed.push(context.method as TwoFactorMethod);
    if (this.options.ways.some(way => way.length === this.#passed.length && this.#follows(way))) {
      context.accept();
      return;
    }
    context.reject(this.#next(), true);
  }

  #follows(way: readonly TwoFactorMethod[]): boolean {
    return this.#passed.every((method, index) => way[index] === method);
  }

  #next(): TwoFactorMethod[] {
    const ways = this.options.ways.filter(way => this.#follows(way));
    return [...new Set(ways.flatMap(way => way[this.#passed.length] ?? []))];
  }
}

function isSignedBy(key: string, { blob, signature, hashAlgo }: PublicKeyAuthContext): boolean {
  const parsed = utils.parseKey(key);
  if (parsed instanceof Error || blob === undefined || signature === undefined) {
    return false;
  }
  // Its types know of no error, which is given for a signature that cannot be read.
  const verdict: unknown = parsed.verify(blob, signature, hashAlgo);
  return verdict === true;
}

function serveForwards(
  client: Connection,
  { forwardTo }: TwoFactorOptions,
  count: TwoFactorCount
): void {
  client.on('tcpip', (accept, reject, { destIP, destPort }) => {
    count.forwards += 1;
    const far = connect(forwardTo ?? { host: destIP, port: destPort });
    far.once('connect', () => {
      const channel = accept();
      channel.on('error', () => far.destroy()).on('close', () => far.destroy());
      far.on('error', () => channel.close()).on('close', () => channel.close());
      channel.pipe(far).pipe(channel);
    });
    far.once('error', () => reject());
  });
}

/** Each command in a shell of this machine, as an sshd would run it. */
function serveSessions(client: Connection, { maxSessions = Infinity }: TwoFactorOptions): void {
  let open = 0;
  client.on('session', (accept, reject) => {
    if (open >= maxSessions) {
      reject();
      return;
    }
    open += 1;
    const session = accept();
    session.once('close', () => {
      open -= 1;
    });
    session.once('exec', (acceptExec, _rejectExec, { command }) => {
      const channel = acceptExec();
      const child = spawn('/bin/sh', ['-c', command], { stdio: 'pipe', cwd: homedir() });
      session.on('signal', () => child.kill('SIGKILL'));
      channel.on('error', () => child.kill('SIGKILL')).once('close', () => child.kill('SIGHUP'));
      channel.pipe(child.stdin.on('error', () => undefined));
      child.stdout.pipe(channel, { end: false });
      child.stderr.pipe(channel.stderr, { end: false });
      child.once('close', status => {
        channel.exit(status ?? 255);
        channel.end();
      });
    });
  });
}
