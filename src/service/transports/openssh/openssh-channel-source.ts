import type { Duplex } from 'node:stream';
import { SluiceError } from '../../../shared/errors';
import type { Connection } from '../../../shared/wire/connection';
import type { IChannel, IChannelSource } from '../channel';
import type { ChannelSourceOptions } from '../channel-source-options';
import { afterMs, untilAborted } from '../deadline';
import { KeptLink } from '../kept-link';
import { killGroupScript } from '../kill-group-script';
import type { ILoginAttempt } from '../login/login-prompter';
import { endClient, OpensshChannel, OpensshRefusal, openClient } from './openssh-channel';
import { OpensshForward } from './openssh-forward';
import { type OpensshLink, openOpensshLink } from './openssh-link';
import { reopenOnce } from '../reopen-once';
import { SessionSlots } from '../session-slots';
import { SHELL_COMMAND } from '../ssh2/ssh2-channel';

const MAX_SESSIONS = 8;
const FORWARD_TIMEOUT_MS = 15_000;
const KILL_TIMEOUT_MS = 15_000;

const FIRST_PAUSE_MS = 25;
const LAST_PAUSE_MS = 800;

/** Channels over one master connection of the system's OpenSSH, opened when it is first needed. */
export class OpensshChannelSource implements IChannelSource {
  readonly host: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #link: KeptLink<OpensshLink>;
  readonly #slots: SessionSlots;

  constructor(private readonly options: ChannelSourceOptions) {
    const { host, target, prompter, nowMs, keepMs, env = process.env } = options;
    this.host = host;
    this.#env = env;
    this.#slots = new SessionSlots(options.maxSessions ?? MAX_SESSIONS);
    const open = (attempt: ILoginAttempt, signal: AbortSignal): Promise<OpensshLink> =>
      this.#logIn(attempt, signal);
    this.#link = new KeptLink({ open, via: 'openssh', target, host, prompter, nowMs, keepMs });
  }

  async #logIn(attempt: ILoginAttempt, signal: AbortSignal): Promise<OpensshLink> {
    const { target, host, sshConfig } = this.options;
    const destination = { target, host, sshConfig, env: this.#env };
    const link = await openOpensshLink(destination, { attempt, signal });
    this.#slots.reset();
    return link;
  }

  get sessionLimit(): number {
    return this.#slots.limit;
  }

  get connection(): Connection {
    const isPersons = this.#link.current?.isPersons === true;
    const words = isPersons ? 'over the connection that your own terminal has open' : null;
    const connection = this.#link.connection;
    return { ...connection, words: connection.words ?? words };
  }

  onConnection(listener: () => void): () => void {
    return this.#link.onChange(listener);
  }

  async connect(signal?: AbortSignal): Promise<void> {
    await untilAborted(this.#link.get(), signal);
  }

  async open(signal: AbortSignal): Promise<IChannel> {
    return reopenOnce(() => this.#openOnce(signal));
  }

  /** Open a session in turn; a refused one is tried again, after a pause and when others have ended. */
  async #openOnce(signal: AbortSignal): Promise<IChannel> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LAST_PAUSE_MS, pauseMs * 2)) {
      await this.#slots.acquire(signal);
      const channel = await this.#tryOpen(signal, pauseMs === LAST_PAUSE_MS);
      if (channel !== null) {
        return channel;
      }
      await untilAborted(afterMs(pauseMs), signal);
    }
  }

  /** Use a turn; null when the host refused the session and it is worth another try. */
  async #tryOpen(signal: AbortSignal, isLastTry: boolean): Promise<IChannel | null> {
    let link: OpensshLink | null = null;
    try {
      link = await untilAborted(this.#link.get(), signal);
      const channel = await this.#openOn(link, signal);
      void channel.freed().then(this.#slots.opened());
      return channel;
    } catch (error) {
      const isRefusal = error instanceof OpensshRefusal;
      const isInTheWay = isRefusal && this.#slots.refused();
      this.#slots.release();
      signal.throwIfAborted();
      if (link === null) {
        throw error;
      }
      if (isInTheWay || (isRefusal && !isLastTry)) {
        return null;
      }
      throw this.#useless(link, error);
    }
  }

  /** Refused without a session of ours, or down: the connection is of no use. */
  #useless(link: OpensshLink, error: unknown): unknown {
    if (!(error instanceof OpensshRefusal)) {
      this.#link.drop(link);
      return error;
    }
    // What a person logged in is not given up for a refusal, which may pass.
    if (!this.#link.isOfPerson && !link.isPersons) {
      this.#link.drop(link);
    }
    const problem = `it refused a session (${error.message})`;
    return new SluiceError('connection-lost', { host: this.host, problem }, { cause: error });
  }

  async #openOn(link: OpensshLink, signal: AbortSignal): Promise<OpensshChannel> {
    const { client, stderr } = await this.#client(link, { command: SHELL_COMMAND }, signal);
    return new OpensshChannel(link, client, stderr, pid => this.#killGroup(link, pid));
  }

  #client(
    link: OpensshLink,
    what: { options?: readonly string[]; command?: string },
    signal: AbortSignal
  ): ReturnType<typeof openClient> {
    return openClient(link, { host: this.host, env: this.#env, what, signal });
  }

  async #killGroup(link: OpensshLink, pid: number): Promise<void> {
    // Not worth a wait: the script's own session may be the one that is in the way.
    const hasTurn = this.#slots.tryAcquire();
    const signal = AbortSignal.timeout(KILL_TIMEOUT_MS);
    // Without a session or a link there is no way to the script: its own end must do.
    await this.#runKill(link, pid, signal).catch(() => undefined);
    if (hasTurn) {
      this.#slots.release();
    }
  }

  async #runKill(link: OpensshLink, pid: number, signal: AbortSignal): Promise<void> {
    const what = { command: SHELL_COMMAND };
    const { client, stderr } = await this.#client(link, what, signal).catch(
      async (error: unknown) => {
        if (!(error instanceof OpensshRefusal)) {
          throw error;
        }
        // The session of the script itself may still be on its way out.
        await untilAborted(afterMs(LAST_PAUSE_MS), signal);
        return this.#client(link, what, signal);
      }
    );
    const closed = new Promise<void>(resolve => client.once('close', () => resolve()));
    client.stdout.resume();
    stderr.resume();
    client.stdin.end(killGroupScript(pid));
    try {
      await untilAborted(closed, signal);
    } finally {
      endClient(client);
    }
  }

  async forward(address: string, port: number): Promise<Duplex> {
    const link = await this.#link.get();
    const signal = AbortSignal.timeout(FORWARD_TIMEOUT_MS);
    const to = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
    try {
      const { client, stderr } = await this.#client(link, { options: ['-W', to] }, signal);
      stderr.resume();
      return new OpensshForward(client);
    } catch (error) {
      if (!(error instanceof OpensshRefusal) && !signal.aborted) {
        this.#link.drop(link);
        throw error;
      }
      const action = `connect to ${address}:${port}`;
      const stderr = signal.aborted ? 'nothing answered there' : 'it was refused there';
      const details = { action, host: this.host, status: 1, stderr };
      throw new SluiceError('remote-command-failed', details, { cause: error });
    }
  }

  async close(): Promise<void> {
    await this.#link.close();
  }
}
