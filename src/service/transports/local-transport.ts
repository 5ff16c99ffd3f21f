import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import type { Duplex, Readable, Writable } from 'node:stream';
import { SluiceError } from '../../shared/errors';
import type { Connection } from '../../shared/wire/connection';
import type { ChannelExit, IChannel, IChannelSource } from './channel';
import { untilAborted } from './deadline';
import { signalGroup } from './process-group';
import { ShellTransport } from './shell-transport';
import type { ITransport } from './transport';

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

const FORWARD_TIMEOUT_MS = 15_000;

class LocalChannel implements IChannel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly exited: Promise<ChannelExit>;

  constructor(private readonly child: Child) {
    this.stdin = child.stdin;
    this.stdout = child.stdout;
    this.stderr = child.stderr;
    this.exited = new Promise(resolve => {
      child.once('close', status => resolve({ status }));
    });
  }

  release(): void {
    // What runs on in the background may still hold the other ends.
    this.stdin.destroy();
    this.stdout.destroy();
    this.stderr.destroy();
  }

  kill(): void {
    const { pid, exitCode, signalCode } = this.child;
    // Once the leader is reaped its number may belong to others.
    if (pid !== undefined && exitCode === null && signalCode === null) {
      signalGroup(pid, 'SIGKILL');
    }
    this.release();
  }
}

class LocalChannelSource implements IChannelSource {
  readonly host = 'this machine';
  readonly sessionLimit = Number.POSITIVE_INFINITY;
  readonly #open = new Set<IChannel>();

  constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly umask: number | undefined
  ) {}

  readonly connection: Connection = {
    state: 'connected',
    via: 'local',
    words: null,
    since: null,
    notBefore: null
  };

  onConnection(): () => void {
    return () => undefined;
  }

  async connect(): Promise<void> {
    // Nothing to connect to.
  }

  async open(signal: AbortSignal): Promise<IChannel> {
    signal.throwIfAborted();
    // Detached: a process group of its own, so that a script is ended with all its children.
    const child = this.#withUmask(() =>
      spawn('/bin/sh', [], {
        cwd: homedir(),
        env: this.env,
        detached: true,
        stdio: ['pipe', 'pipe', 'pipe']
      })
    );
    await this.#spawned(child);
    const channel = new LocalChannel(child);
    this.#open.add(channel);
    void channel.exited.then(() => this.#open.delete(channel));
    return channel;
  }

  /** A child has its umask from the moment of its start, so nothing of ours is made meanwhile. */
  #withUmask<T>(start: () => T): T {
    if (this.umask === undefined) {
      return start();
    }
    const ours = process.umask(this.umask);
    try {
      return start();
    } finally {
      process.umask(ours);
    }
  }

  async #spawned(child: Child): Promise<void> {
    try {
      await once(child, 'spawn');
    } catch (cause) {
      const problem = `/bin/sh cannot be started (${(cause as Error).message})`;
      const details = { target: this.host, host: this.host, problem };
      throw new SluiceError('host-unreachable', details, { cause });
    }
  }

  async forward(address: string, port: number): Promise<Duplex> {
    const socket = connect({ host: address, port, noDelay: true });
    try {
      await untilAborted(once(socket, 'connect'), AbortSignal.timeout(FORWARD_TIMEOUT_MS));
    } catch (cause) {
      socket.destroy();
      const action = `connect to ${address}:${port}`;
      const stderr = (cause as Error).message;
      throw new SluiceError(
        'remote-command-failed',
        { action, host: this.host, status: 1, stderr },
        { cause }
      );
    }
    return socket;
  }

  async close(): Promise<void> {
    for (const channel of this.#open) {
      channel.kill(null);
    }
  }
}

export type LocalTransportOptions = {
  env?: NodeJS.ProcessEnv;
  /** The person's own umask, where this process has narrowed its own. */
  umask?: number;
};

/** The transport for this machine itself: each script is a child process. */
export function createLocalTransport(options: LocalTransportOptions = {}): ITransport {
  return new ShellTransport(new LocalChannelSource(options.env ?? process.env, options.umask));
}
