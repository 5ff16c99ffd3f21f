import type { IChannelSource } from './channel';
import type { ChannelSourceOptions, ChannelSources, SshWay } from './channel-source-options';
import { type ILoginPrompter, nobody } from './login/login-prompter';
import type { SshHost } from './ssh-host/ssh-host';

/** What each user of a shared connection brings along. */
export type Sharer = { prompter: ILoginPrompter; resolve: () => Promise<SshHost> };

/** A connection in use; it is closed once all have released it. */
export type SharedSource = { source: IChannelSource; release: () => Promise<void> };

type Entry = { source: IChannelSource; sharers: Sharer[] };

/** Connections to hosts, one for all names that lead to the same account in the same way. */
export class SharedSources {
  readonly #entries = new Map<string, Entry>();

  constructor(private readonly sources: ChannelSources) {}

  /** The connection of that key; made with the options of the first who takes it. */
  take(
    key: string,
    via: SshWay,
    options: Omit<ChannelSourceOptions, 'prompter' | 'resolve'>,
    sharer: Sharer
  ): SharedSource {
    const entry = this.#entries.get(key) ?? this.#make(key, via, options);
    entry.sharers.push(sharer);
    return { source: entry.source, release: () => this.#release(key, entry, sharer) };
  }

  #make(key: string, via: SshWay, options: ChannelSourceOptions): Entry {
    const sharers: Sharer[] = [];
    // Any of them gives the same host, or it would not share.
    const resolve = (): Promise<SshHost> => firstOf(sharers).resolve();
    const prompter = promptersOf(sharers);
    const entry = { source: this.sources[via]({ ...options, prompter, resolve }), sharers };
    this.#entries.set(key, entry);
    return entry;
  }

  async #release(key: string, entry: Entry, sharer: Sharer): Promise<void> {
    entry.sharers.splice(entry.sharers.indexOf(sharer), 1);
    if (entry.sharers.length === 0) {
      this.#entries.delete(key);
      await entry.source.close();
    }
  }
}

function firstOf([first]: readonly Sharer[]): Sharer {
  if (first === undefined) {
    throw new Error('a connection that everyone has released was used');
  }
  return first;
}

/** Whoever may be asked now is asked. */
function promptersOf(sharers: readonly Sharer[]): ILoginPrompter {
  const ready = (): ILoginPrompter | undefined =>
    sharers.find(({ prompter }) => prompter.mayAsk)?.prompter;
  return {
    get mayAsk() {
      return ready() !== undefined;
    },
    begin: () => (ready() ?? sharers[0]?.prompter ?? nobody).begin()
  };
}

/**
 * What makes two names lead to one connection. ssh2 uses nothing but the host as it was resolved;
 * OpenSSH also what only it knows, so that there the name and its file count.
 */
export function connectionKey(
  via: SshWay,
  host: SshHost,
  place: { host: string; sshConfig?: string }
): string {
  const nameless = (one: SshHost): object => ({
    ...one,
    alias: null,
    notes: null,
    controlPath: null,
    jumps: one.jumps.map(nameless)
  });
  const way = via === 'ssh2' ? nameless(host) : [place.host, place.sshConfig ?? null];
  return JSON.stringify([via, way]);
}
