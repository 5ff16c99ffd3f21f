import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { SluiceError } from '../../../shared/errors';
import type { ChannelExit, IChannel } from '../channel';
import { afterMs } from '../deadline';
import { type Deferred, deferred } from '../deferred';
import { missingOpenssh } from './openssh-command';
import type { OpensshLink } from './openssh-link';

/** The host did not allow one more session. */
export class OpensshRefusal extends Error {}

export type OpensshClient = ChildProcessByStdio<Writable, Readable, Readable>;

export type OpensshClientOptions = {
  host: string;
  env: NodeJS.ProcessEnv;
  /** What is opened: options and, after the host, a command. */
  what: { options?: readonly string[]; command?: string };
  signal: AbortSignal;
};

const OPENED = /^debug1: mux_client_request_\w+: master session id: \d+\r?\n/m;
const REFUSED = /(?:session|forward\w*) request failed: (.*)/i;

/**
 * Start a client of a master and wait until its channel is open; `stderr` has only what comes after
 * that. Rejects with `OpensshRefusal`, with `connection-lost` when the master is not there, or with
 * the signal's reason. Without a master it must never connect by itself, as a login could ask a
 * person again: the command in place of a connection always fails.
 */
export async function openClient(
  link: OpensshLink,
  options: OpensshClientOptions
): Promise<{ client: OpensshClient; stderr: Readable }> {
  const { what, signal, env, host } = options;
  const client = spawn('ssh', clientArguments(link.socket, what), {
    env,
    stdio: ['pipe', 'pipe', 'pipe']
  });
  // Its end tells how it went.
  client.stdin.on('error', () => undefined);
  const opened: Deferred<void> = deferred();
  const onAbort = (): void => opened.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  client.once('error', error => opened.reject(missingOpenssh(host, error) ?? error));
  const stderr = watchOpening(client, opened, host);
  try {
    signal.throwIfAborted();
    await opened.promise;
    return { client, stderr };
  } catch (error) {
    endClient(client);
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function clientArguments(socket: string, what: OpensshClientOptions['what']): string[] {
  const command = what.command === undefined ? [] : [what.command];
  return [
    ...['-v', '-T', '-F', '/dev/null', '-S', socket],
    ...['-o', 'ControlMaster=no', '-o', 'ProxyCommand=false'],
    ...(what.options ?? []),
    ...['--', 'master', ...command]
  ];
}

/** The client's own words come before the channel is open, the host's after. */
function watchOpening(
  client: OpensshClient,
  opened: { resolve(): void; reject(error: unknown): void },
  host: string
): Readable {
  const stderr = new PassThrough();
  let words = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    words = Buffer.concat([words, chunk]);
    const text = words.toString('latin1');
    const match = OPENED.exec(text);
    if (match !== null) {
      client.stderr.off('data', onData);
      stderr.write(words.subarray(match.index + match[0].length));
      client.stderr.pipe(stderr);
      opened.resolve();
    }
  };
  client.stderr.on('data', onData);
  client.once('exit', () => client.stderr.once('end', () => stderr.end()));
  client.once('close', () => opened.reject(openingError(words.toString('utf8'), host)));
  return stderr;
}

function openingError(words: string, host: string): Error {
  const refusal = REFUSED.exec(words);
  if (refusal !== null) {
    return new OpensshRefusal(refusal[1]);
  }
  const problem = 'the connection that was open has ended';
  const cause = new Error(words.slice(-1000));
  return new SluiceError('connection-lost', { host, problem }, { cause });
}

/** End a client and let go of what the master might hold open yet. */
export function endClient(client: OpensshClient): void {
  client.kill('SIGKILL');
  client.stdin.destroy();
  client.stdout.destroy();
  client.stderr.destroy();
}

/** How long the end of a shell may be in coming after the end of its script. */
const RELEASE_GRACE_MS = 1000;
/** How long it takes at most until a lost connection is known to be lost. */
const LOSS_MS = 1000;
/** What OpenSSH ends with when something went wrong with itself, and some scripts too. */
const OPENSSH_FAILED = 255;

/** A session of a client of OpenSSH. */
export class OpensshChannel implements IChannel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly exited: Promise<ChannelExit>;
  #isGone = false;
  #killing: Promise<void> | null = null;

  constructor(
    private readonly link: OpensshLink,
    private readonly client: OpensshClient,
    readonly stderr: Readable,
    private readonly killGroup: (pid: number) => Promise<void>
  ) {
    this.stdin = client.stdin;
    this.stdout = client.stdout;
    const closed = new Promise<number | null>(resolve => {
      client.once('close', status => resolve(status));
    });
    const said = new Promise<void>(resolve => stderr.once('close', () => resolve()));
    this.exited = Promise.all([closed, said]).then(([status]) => {
      this.#isGone = true;
      return this.#exit(status);
    });
  }

  /** Resolves when the server has no session of it any more, as far as that can be brought about. */
  async freed(): Promise<void> {
    await this.exited;
    await this.#killing;
  }

  async #exit(status: number | null): Promise<ChannelExit> {
    if (status !== null && status !== OPENSSH_FAILED) {
      return { status };
    }
    const isEndedHere = status === null;
    const pause = isEndedHere ? new Promise<void>(done => setImmediate(done)) : afterMs(LOSS_MS);
    const cause = await Promise.race([this.link.gone, pause]);
    return cause === undefined ? { status } : { status: null, cause };
  }

  release(): void {
    // To sshd the session lasts until it has seen the shell end; what the script left in the
    // background may hold it open for ever.
    void Promise.race([this.exited, afterMs(RELEASE_GRACE_MS)]).then(() => this.#end());
    this.stdin.end();
    this.stdout.resume();
    this.stderr.resume();
  }

  kill(pid: number | null): void {
    if (this.#isGone || this.#killing !== null) {
      return;
    }
    this.#end();
    this.#killing = pid === null ? Promise.resolve() : this.killGroup(pid);
  }

  #end(): void {
    if (!this.#isGone) {
      endClient(this.client);
      this.stderr.destroy();
    }
  }
}
