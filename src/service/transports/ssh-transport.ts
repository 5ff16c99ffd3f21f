import type { ChannelSourceOptions, SshWay } from './channel-source-options';
import { ChoosingChannelSource } from './choosing-channel-source';
import type { SharedSources } from './shared-sources';
import { ShellTransport } from './shell-transport';
import type { ITransport } from './transport';

export type SshTransportOptions = Omit<ChannelSourceOptions, 'resolve'> & {
  /** What the target says now; null: it is chosen. */
  wanted: () => Promise<SshWay | null>;
  sources: SharedSources;
};

/** The transport over SSH: one connection, whose way is chosen each time it is opened. */
export function createSshTransport(options: SshTransportOptions): ITransport {
  return new ShellTransport(new ChoosingChannelSource(options));
}
