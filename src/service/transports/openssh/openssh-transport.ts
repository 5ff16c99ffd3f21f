import type { ChannelSourceOptions } from '../channel-source-options';
import { OpensshChannelSource } from './openssh-channel-source';
import { ShellTransport } from '../shell-transport';
import type { ITransport } from '../transport';

/** The transport over the system's OpenSSH: one master connection, begun when it is first needed. */
export function createOpensshTransport(options: ChannelSourceOptions): ITransport {
  return new ShellTransport(new OpensshChannelSource(options));
}
