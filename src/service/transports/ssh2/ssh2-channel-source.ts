import type { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import { SluiceError } from '../../../shared/errors';
import type { Connection } from '../../../shared/wire/connection';
import type { IChannel, IChannelSource } from '../channel';
import type { ChannelSourceOptions } from '../channel-source-options';
import { afterMs, untilAborted } from '../deadline';
import { KeptLink } from '../kept-link';
import type { ILoginAttempt } from '../login/login-prompter';
import { reopenOnce } from '../reopen-once';
import { SessionSlots } from '../session-slots';
import { SpareChannel } from './spare-channel';
import { resolveSshHost } from '../ssh-host/ssh-config';
import { steadyNowMs } from '../steady-now';
import { type RawSshError, translateSshError } from './ssh-errors';
import { killRemoteGroup, SHELL_COMMAND, Ssh2Channel } from './ssh2-channel';
import { openSsh2Link, type Ssh2Link } from './ssh2-link';

const MAX_SESSIONS = 8;
/** Of fewer sessions none is kept ready. */
const LEAST_SESSIONS_FOR_SPARE = 3;
const FORWARD_TIMEOUT_MS = 15_000;

const FIRST_PAUSE_MS = 25;
const LAST_PAUSE_MS = 800;

/** A refusal of one more session, by SSH's reason codes: 2 from OpenSSH, 4 from others. */
function isRefusal(error: unknown): boolean {
  const { reason } = error as RawSshError;
  return reason === 2 || reason === 4;
}

/** Channels over one kept SSH connection, opened when it is first needed. */
export class Ssh2ChannelSource implements IChannelSource {
  readonly host: string;
  readonly #link: KeptLink<Ssh2Link>;
  readonly #slots: SessionSlots;
  readonly #spare: SpareChannel;

  constructor(private readonly options: ChannelSourceOptions) {
    const { host, target, prompter, nowMs, keepMs } = options;
    this.host = host;
    this.#slots = new SessionSlots(options.maxSessions ?? MAX_SESSIONS);
    this.#spare = new SpareChannel({
      open: () => this.#openSpare(),
      isWanted: () => this.#slots.isWanted,
      nowMs: nowMs ?? steadyNowMs
    });
    this.#link = new KeptLink({
      open: (attempt, signal) => this.#logIn(attempt, signal),
      via: 'ssh2',
      target,
      host,
      prompter,
      nowMs,
      keepMs
    });
  }

  async #logIn(attempt: ILoginAttempt, signal: AbortSignal): Promise<Ssh2Link> {
    const { host, target, sshConfig: path, env, after } = this.options;
    const resolve = this.options.resolve ?? (() => resolveSshHost(host, { path, env }));
    const link = await openSsh2Link(await resolve(), { target, attempt, signal, after });
    this.#slots.reset();
    this.#spare.reset();
    return link;
  }

  get sessionLimit(): number {
    return this.#slots.limit;
  }

  get connection(): Connection {
    return this.#link.connection;
  }

  onConnection(listener: () => void): () => void {
    return this.#link.onChange(listener);
  }

  async connect(signal?: AbortSignal): Promise<void> {
    await untilAborted(this.#link.get(), signal);
  }

  async open(signal: AbortSignal): Promise<IChannel> {
    const channel = await reopenOnce(() => this.#openOnce(signal));
    this.#spare.noteUse();
    return channel;
  }

  /** Open a session in turn; a refused one is tried again, after a pause and when others have ended. */
  async #openOnce(signal: AbortSignal): Promise<IChannel> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LAST_PAUSE_MS, pauseMs * 2)) {
      signal.throwIfAborted();
      const spare = this.#spare.take();
      if (spare !== null) {
        return spare;
      }
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
    let link: Ssh2Link | null = null;
    try {
      link = await untilAborted(this.#link.get(), signal);
      return this.#counted(await this.#openOn(link, signal));
    } catch (error) {
      const isInTheWay = isRefusal(error) && this.#slots.refused();
      this.#slots.release();
      signal.throwIfAborted();
      if (link === null) {
        throw error;
      }
      if (isInTheWay || (isRefusal(error) && !isLastTry)) {
        return null;
      }
      // Refused without a session of ours, or down: the connection is of no use. What a person
      // logged in is not given up for a refusal, which may pass.
      if (!isRefusal(error) || !this.#link.isOfPerson) {
        this.#link.drop(link);
      }
      throw this.#lost(error as RawSshError);
    }
  }

  /** Its turn is given back when it has ended. */
  #counted(channel: Ssh2Channel): Ssh2Channel {
    const giveBack = this.#slots.opened();
    void channel.freed().then(giveBack);
    return channel;
  }

  /** One more session, where nobody waits for one and the connection stands. */
  async #openSpare(): Promise<Ssh2Channel | null> {
    const link = this.#link.current;
    const isFree = this.#slots.limit >= LEAST_SESSIONS_FOR_SPARE;
    if (link === null || !isFree || !this.#slots.tryAcquire()) {
      return null;
    }
    try {
      const signal = AbortSignal.timeout(FORWARD_TIMEOUT_MS);
      return this.#counted(await this.#openOn(link, signal));
    } catch (error) {
      this.#slots.release();
      throw error;
    }
  }

  async #openOn(link: Ssh2Link, signal: AbortSignal): Promise<Ssh2Channel> {
    const opening = execShell(link.client);
    try {
      return new Ssh2Channel(link, await untilAborted(opening, signal), pid =>
        this.#killGroup(link, pid)
      );
    } finally {
      endIfLate(opening, signal);
    }
  }

  async #killGroup(link: Ssh2Link, pid: number): Promise<void> {
    this.#spare.giveUp();
    // Not worth a wait: the script's own session may be the one that is in the way.
    const hasTurn = this.#slots.tryAcquire();
    await killRemoteGroup(link.client, pid);
    if (hasTurn) {
      this.#slots.release();
    }
  }

  #lost(error: RawSshError): SluiceError {
    const { target, host } = this.options;
    return translateSshError(error, { phase: 'session', target, host, user: '' });
  }

  async forward(address: string, port: number): Promise<Duplex> {
    const link = await this.#link.get();
    const signal = AbortSignal.timeout(FORWARD_TIMEOUT_MS);
    const opening = forwardOut(link.client, address, port);
    try {
      const channel = await untilAborted(opening, signal);
      // As a socket does: when the other side has ended, so does this one.
      channel.once('end', () => channel.end());
      return channel;
    } catch (error) {
      const cause = error as RawSshError;
      if (cause.reason === undefined && !signal.aborted) {
        this.#link.drop(link);
        throw this.#lost(cause);
      }
      const action = `connect to ${address}:${port}`;
      const details = {
        action,
        host: this.host,
        status: Number(cause.reason ?? 0),
        stderr: cause.message
      };
      throw new SluiceError('remote-command-failed', details, { cause });
    } finally {
      endIfLate(opening, signal);
    }
  }

  async close(): Promise<void> {
    await this.#link.close();
  }
}

/** A channel may open later than anybody waits for it. */
function endIfLate(opening: Promise<ClientChannel>, signal: AbortSignal): void {
  if (signal.aborted) {
    opening.then(
      channel => channel.close(),
      () => undefined
    );
  }
}

function execShell(client: Client): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    // ssh2 throws when the connection is down; the promise rejects with that.
    client.exec(SHELL_COMMAND, (error, channel) =>
      error === undefined ? resolve(channel) : reject(error)
    );
  });
}

function forwardOut(client: Client, address: string, port: number): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, address, port, (error, channel) =>
      error === undefined ? resolve(channel) : reject(error)
    );
  });
}
