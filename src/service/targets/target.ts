import type { Resources } from '../../shared/wire/resources';

export type Trust = 'none' | 'outputs' | 'pickles';

/** `include` and `exclude` of one configuration file: patterns as in `.gitignore`. */
export type FileRule = {
  /** The folder that the patterns are relative to. */
  folder: string;
  include: string[];
  exclude: string[];
  /** The file. */
  source: string;
};

/** `fetch` of one configuration file or target: which files come home by themselves. */
export type FetchRule = {
  /** Patterns as in `.gitignore`, about paths as seen from the notebook's folder. */
  include: string[];
  exclude: string[];
  /** All together; null: it says nothing about that. */
  maxBytes: number | null;
  /** Where it stands, for messages. */
  source: string;
};

/** A place where cells can run, as all configuration files together describe it. */
export type Target = {
  name: string;
  scheduler: 'slurm' | 'process';
  /** Alias of the SSH configuration or `user@host:port`; null: this machine. */
  host: string | null;
  sshConfig: string | null;
  /** The way to the host; null: it is chosen at each connect. */
  transport: 'ssh2' | 'openssh' | null;
  /** As written: may begin with `~/`, which is the home on the host. */
  root: string;
  /** Null: the Python of the calling kernel. */
  python: string | null;
  setup: string[];
  resources: Resources;
  environment: Record<string, unknown>;
  trust: Trust;
  /** Nobody has said how far it is trusted: a person is asked before the first submit. */
  asksTrust: boolean;
  paths: Record<string, string>;
  /** `paths` of the target `here`: what `sluice.path` gives on this machine. */
  pathsHere: Record<string, string>;
  /** `include` and `exclude` of the configuration files; the project's last. */
  fileRules: FileRule[];
  /** The nearest first: the target's own, then the project's, the person's, the site's. */
  fetchRules: FetchRule[];
  maxVariableBytes: number;
  /** After how long without use the cleaner takes things, and how much it leaves; null: as usual. */
  keepDays: number | null;
  keepBytes: number | null;
  /** The least time between two questions to its scheduler; null: the person says nothing. */
  pollSeconds: number | null;
  /** How long a rehearsal may take here; null: what is usual. */
  rehearseSeconds: number | null;
  /** `built-in`, or the file that defines it. */
  source: string;
};
