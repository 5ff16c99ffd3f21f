import type { Resources } from '../../shared/wire/resources';

export type Trust = 'none' | 'outputs' | 'pickles';

/** A place where cells can run, as all configuration files together describe it. */
export type Target = {
  name: string;
  scheduler: 'slurm' | 'process';
  /** Alias of the SSH configuration or `user@host:port`; null: this machine. */
  host: string | null;
  sshConfig: string | null;
  /** As written: may begin with `~/`, which is the home on the host. */
  root: string;
  /** Null: the Python of the calling kernel. */
  python: string | null;
  setup: string[];
  resources: Resources;
  environment: Record<string, unknown>;
  trust: Trust;
  paths: Record<string, string>;
  maxVariableBytes: number;
  /** How long a rehearsal may take here; null: what is usual. */
  rehearseSeconds: number | null;
  /** `built-in`, or the file that defines it. */
  source: string;
};
