import type { Duplex } from 'node:stream';
import type { Connection } from '../../shared/wire/connection';
import type { IChannel, IChannelSource } from './channel';
import type { ChannelSourceOptions, SshWay } from './channel-source-options';
import { chooseTransport, type TransportChoice } from './ssh-host/choose-transport';
import { untilAborted } from './deadline';
import { nobody } from './login/login-prompter';
import { connectionKey, type SharedSources } from './shared-sources';
import { resolveSshHost, type SshHost } from './ssh-host/ssh-config';
import { steadyNowMs } from './steady-now';

const MAX_SESSIONS = 8;

type Options = Omit<ChannelSourceOptions, 'resolve'> & {
  wanted: () => Promise<SshWay | null>;
  sources: SharedSources;
};

type Chosen = {
  key: string;
  choice: TransportChoice;
  source: IChannelSource;
  leave: () => Promise<void>;
};

/** Channels to a host by the way that is right when the connection is opened. */
export class ChoosingChannelSource implements IChannelSource {
  readonly host: string;
  #chosen: Chosen | null = null;
  #choosing: Promise<IChannelSource> | null = null;
  /** Resolved for the choice, and used by the connect that follows. */
  #resolved: SshHost | null = null;
  readonly #listeners = new Set<() => void>();

  constructor(private readonly options: Options) {
    this.host = options.host;
  }

  get sessionLimit(): number {
    return this.#chosen?.source.sessionLimit ?? this.options.maxSessions ?? MAX_SESSIONS;
  }

  get connection(): Connection {
    if (this.#chosen === null) {
      return { state: 'idle', via: 'ssh2', words: null, since: null, notBefore: null };
    }
    const { source, choice } = this.#chosen;
    return { ...source.connection, words: source.connection.words ?? choice.words };
  }

  onConnection(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async connect(signal?: AbortSignal): Promise<void> {
    await (await untilAborted(this.#source(), signal)).connect(signal);
  }

  async open(signal: AbortSignal): Promise<IChannel> {
    return (await untilAborted(this.#source(), signal)).open(signal);
  }

  async forward(address: string, port: number): Promise<Duplex> {
    return (await this.#source()).forward(address, port);
  }

  async close(): Promise<void> {
    await this.#choosing?.catch(() => null);
    await this.#chosen?.source.close();
  }

  /** The way that is open, or the one by which a connect would go now. */
  async #source(): Promise<IChannelSource> {
    if (this.#chosen !== null && !this.#mayChoose(this.#chosen.source.connection)) {
      return this.#chosen.source;
    }
    this.#choosing ??= this.#choose().finally(() => {
      this.#choosing = null;
    });
    return this.#choosing;
  }

  /** What stands, or waits for its time or for a person, is not looked at again by each call. */
  #mayChoose({ state, notBefore }: Connection): boolean {
    const { prompter = nobody, nowMs = steadyNowMs } = this.options;
    const isResting = state === 'idle' || state === 'needs-login' || state === 'paused';
    const isDue = state === 'idle' && (notBefore ?? 0) <= nowMs();
    return isResting && (isDue || prompter.mayAsk);
  }

  async #choose(): Promise<IChannelSource> {
    const { wanted, sshConfig, env = process.env } = this.options;
    const host = await this.#resolve();
    const choice = await chooseTransport(host, { wanted: await wanted(), sshConfig, env });
    const key = connectionKey(choice.via, host, this.options);
    this.#resolved = host;
    if (this.#chosen?.key !== key) {
      await this.#chosen?.leave();
      this.#chosen = this.#take(key, choice);
    }
    this.#chosen.choice = choice;
    return this.#chosen.source;
  }

  #take(key: string, choice: TransportChoice): Chosen {
    const { sources, prompter = nobody } = this.options;
    const sharer = { prompter, resolve: () => this.#takeResolved() };
    const { source, release } = sources.take(key, choice.via, this.options, sharer);
    const unsubscribe = source.onConnection(() => this.#changed());
    const leave = (): Promise<void> => {
      unsubscribe();
      return release();
    };
    return { key, choice, source, leave };
  }

  #changed(): void {
    this.#listeners.forEach(listener => listener());
  }

  async #takeResolved(): Promise<SshHost> {
    const host = this.#resolved;
    this.#resolved = null;
    return host ?? this.#resolve();
  }

  #resolve(): Promise<SshHost> {
    const { host, sshConfig: path, env } = this.options;
    return resolveSshHost(host, { path, env });
  }
}
