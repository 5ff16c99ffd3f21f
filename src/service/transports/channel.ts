import type { Duplex, Readable, Writable } from 'node:stream';
import type { Connection } from '../../shared/wire/connection';

/** How a channel ended: `status` is null where a signal or a lost link ended it. */
export type ChannelExit = { status: number | null; cause?: unknown };

/** A running `/bin/sh` with nothing sent to it yet. */
export interface IChannel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles when the channel is gone and its output was delivered. Never rejects. */
  readonly exited: Promise<ChannelExit>;
  /** Give the channel back; what the script left in the background goes on. May be called twice. */
  release(): void;
  /** End the script and all its children at once; `pid` is the shell's, as far as known. May be called twice. */
  kill(pid: number | null): void;
}

/**
 * The one thing that differs between the ways to a host: a channel that runs the fixed command
 * `exec /bin/sh`. Framing, running, reading, writing and streaming are written once above it.
 *
 * `open` waits for the connection and for a turn, at most until `signal` is aborted (then it
 * rejects with the signal's reason). It rejects with `host-unreachable`, `authentication-refused`,
 * `host-key-unknown`, `host-key-changed`, `host-key-revoked` or `connection-lost`.
 */
export interface IChannelSource {
  /** Host in words, for messages. */
  readonly host: string;
  /** Channels that may be open at once, as far as known by now. */
  readonly sessionLimit: number;
  /** How it is connected now, and who is told when that changes. */
  readonly connection: Connection;
  onConnection(listener: () => void): () => void;
  /** Be connected; resolves at once when it is so already. */
  connect(signal?: AbortSignal): Promise<void>;
  open(signal: AbortSignal): Promise<IChannel>;
  /** Open a TCP connection from the host to `port` of `address` there. */
  forward(address: string, port: number): Promise<Duplex>;
  /** End all channels and the connection; a later `open` begins anew. May be called twice. */
  close(): Promise<void>;
}
