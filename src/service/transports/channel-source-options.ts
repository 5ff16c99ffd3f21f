import type { IChannelSource } from './channel';
import type { RunAfter } from './ssh2/login-clock';
import type { ILoginPrompter } from './login/login-prompter';
import type { SshHost } from './ssh-host/ssh-config';

/** The two ways to a host over SSH. */
export type SshWay = 'ssh2' | 'openssh';

/** What a way to a host over SSH is made from. */
export type ChannelSourceOptions = {
  /** Name of the target, for messages. */
  target: string;
  /** An alias of the SSH configuration, or `user@host:port`. */
  host: string;
  /** Path of the SSH configuration; absent: the person's and the machine's. */
  sshConfig?: string;
  env?: NodeJS.ProcessEnv;
  /** Who is asked; absent: nobody. */
  prompter?: ILoginPrompter;
  /** Sessions at once; servers allow 10 unless told otherwise. */
  maxSessions?: number;
  nowMs?: () => number;
  /** How long a connection that a person logged in may be kept; null, absent: as usual. */
  keepMs?: () => number | null;
  /** The clock that limits a login. */
  after?: RunAfter;
  /** The host as the configuration has it now, asked at each connect; absent: it is looked up. */
  resolve?: () => Promise<SshHost>;
};

/** Makes a way to a host; given by `main`. */
export type ChannelSources = Record<SshWay, (options: ChannelSourceOptions) => IChannelSource>;
