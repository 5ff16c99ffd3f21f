import type { ChannelSourceOptions } from '../channel-source-options';
import { ShellTransport } from '../shell-transport';
import { Ssh2ChannelSource } from './ssh2-channel-source';
import type { ITransport } from '../transport';

/** The transport over SSH built in: one connection, opened when it is first needed. */
export function createSsh2Transport(options: ChannelSourceOptions): ITransport {
  return new ShellTransport(new Ssh2ChannelSource(options));
}
