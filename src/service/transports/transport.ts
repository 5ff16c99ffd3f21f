import type { Readable, Duplex } from 'node:stream';
import type { Connection } from '../../shared/wire/connection';

/** What a finished remote script gave. `stdout` holds only what the script wrote, no banner. */
export type RunResult = {
  status: number;
  stdout: Buffer;
  stderr: string;
  /** How much the login printed to stdout before, and was left out; absent: nothing. */
  noiseBytes?: number;
};

export type RunOptions = {
  /** For messages: what is being done, in words. */
  action: string;
  timeoutMs: number;
  /** Bytes for the script's stdin; absent: it reads end of file. */
  data?: Buffer | Readable;
  signal?: AbortSignal;
};

/** A script that goes on until its channel closes. */
export interface IRemoteStream {
  /** Framed stdout of the script, banner removed. */
  readonly output: Readable;
  /** Lines for the script's stdin. */
  write(text: string): void;
  /** End the channel; the script sees end of file. May be called twice. */
  close(): void;
  /** Resolves with the exit status (null when the link died) once the channel is gone. */
  readonly closed: Promise<number | null>;
}

/**
 * The way to a host. Scripts are POSIX sh, sent on the stdin of a fixed, quote-free command, so no
 * value meets a login shell; replies are framed by a nonce, so no banner meets a parser.
 *
 * Errors: `config-invalid`, `host-unreachable`, `authentication-refused`, `host-key-unknown`,
 * `host-key-changed`, `host-key-revoked`, `connection-lost`, `remote-timeout`; `needs-login`,
 * `login-canceled` and `login-paused` where a login asks for a person. A script's own
 * non-zero status is a result, not an error; `remote-command-failed` when the login gives no shell,
 * and for a failed `read` (`details.missing` when there is no such file), `write` or `forward`.
 * One connection serves all calls; calls beyond the host's session limit wait their turn.
 *
 * Scripts run in the home directory with umask 077 and `LC_ALL=C`, which is exported; the
 * shell variables `sluice_own_umask` and `sluice_lc_all` have what they were, the latter empty when
 * it was not set. When the
 * link dies, a script's stdin ends as if all data had arrived: a script that keeps what it reads
 * must check that it is whole before it publishes it.
 */
export interface ITransport {
  /** Host in words, for messages. */
  readonly host: string;
  /**
   * Scripts that may run there at once, as far as known by now: it shrinks when the host refuses
   * one. A stream takes one for as long as it lives; where the limit is 1, nothing else runs then.
   */
  readonly sessionLimit: number;
  /** How it is connected now. */
  readonly connection: Connection;
  /** Be told of each change of `connection`; the returned function ends that. */
  onConnection(listener: () => void): () => void;
  /** Log in now, where that has not been done; what a person is asked goes to the login's prompter. */
  connect(signal?: AbortSignal): Promise<void>;
  /** Run a script to its end. */
  run(script: string, options: RunOptions): Promise<RunResult>;
  /** Read a whole file, or `length` bytes from `offset`. */
  read(
    path: string,
    options?: { offset?: number; length?: number; timeoutMs?: number }
  ): Promise<Buffer>;
  /** Write a file beside its place and rename it there; mode 0600 unless said. */
  write(
    path: string,
    data: Buffer | Readable,
    options?: { mode?: number; timeoutMs?: number }
  ): Promise<void>;
  /** Start a script that reads commands from stdin and lives as long as its channel. */
  stream(script: string, options: { action: string; timeoutMs: number }): Promise<IRemoteStream>;
  /** Open a TCP connection from the host to `port` of `address` there. */
  forward(address: string, port: number): Promise<Duplex>;
  /** Drop the connection; a later call opens it again. May be called twice. */
  close(): Promise<void>;
}
