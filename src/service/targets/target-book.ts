import { homedir } from 'node:os';
import { basename, dirname, resolve } from 'node:path';
import { SluiceError } from '../../shared/errors';
import type { Resources } from '../../shared/wire/resources';
import { type ConfigFile, type FetchEntry, readConfigFile, type TargetEntry } from './config-file';
import type { TrustPlace } from './known-trust';
import { findProjectFile, requireConsent } from './project-file';
import type { FetchRule, Target, Trust } from './target';

export type TargetBookOptions = {
  sitePath: string;
  userPath: string;
  /** Root of the embedded target. */
  hereRoot: string;
  /** Whether a Slurm controller answers on this machine; asked at most once a minute. */
  hasController: () => Promise<boolean>;
  /** Whether this process runs inside an allocation. */
  inAllocation: boolean;
  /** Whether the person allowed these bytes of a project's file; absent: none. */
  isAllowed?: (path: string, sha256: string) => boolean;
  /** What a person answered of a target that their own file says nothing about; null: nothing. */
  trusted?: (place: TrustPlace) => Trust | null;
};

const DEFAULT_HISTORY_DAYS = 90;
const DEFAULT_MAX_VARIABLE_BYTES = 1e9;

const HERE: TargetEntry = { scheduler: 'process', trust: 'pickles', environment: 'none' };
const SLURM: TargetEntry = { scheduler: 'slurm', trust: 'outputs', environment: 'none' };

function resourcesOf(entry: TargetEntry): Resources {
  const { partition, account, qos, constraint, nodes, cpus, memory, gpus, time, sbatch } = entry;
  return { partition, account, qos, constraint, nodes, cpus, memory, gpus, time, sbatch };
}

/** What the files say that is the same for all targets. */
type Common = Pick<Target, 'pathsHere' | 'fileRules' | 'fetchRules'>;

type Definition = { name: string; entry: TargetEntry; source: string; root: string };

function toTarget({ name, entry, source, root }: Definition, common: Common): Target {
  const { environment = 'auto' } = entry;
  return {
    name,
    scheduler: entry.scheduler ?? 'slurm',
    host: entry.host ?? null,
    sshConfig: entry.ssh_config ?? null,
    transport: entry.transport ?? null,
    root: entry.root ?? root,
    python: entry.python ?? null,
    setup: entry.setup ?? [],
    resources: resourcesOf(entry),
    environment: typeof environment === 'string' ? { kind: environment } : environment,
    trust: entry.trust ?? 'none',
    asksTrust: false,
    paths: entry.paths ?? {},
    ...common,
    fetchRules: [...ownFetchRule(name, entry, source), ...common.fetchRules],
    maxVariableBytes: entry.max_variable ?? DEFAULT_MAX_VARIABLE_BYTES,
    keepDays: entry.keep_days ?? null,
    keepBytes: entry.keep_size ?? null,
    pollSeconds: entry.poll_seconds ?? null,
    rehearseSeconds: entry.rehearse_seconds ?? null,
    source
  };
}

function ruleOf({ include, exclude, max }: FetchEntry, source: string): FetchRule {
  return { include, exclude, maxBytes: max ?? null, source };
}

function ownFetchRule(name: string, { fetch }: TargetEntry, source: string): FetchRule[] {
  return fetch === undefined ? [] : [ruleOf(fetch, `${source} (targets.${name}.fetch)`)];
}

/** All targets that a notebook in some project can name, read from the files at each call. */
export class TargetBook {
  constructor(private readonly options: TargetBookOptions) {}

  /** The path that messages name as the place to define targets. */
  get path(): string {
    return this.options.userPath;
  }

  /**
   * The target of that name, or the default one.
   *
   * Errors: `target-unknown`, `config-invalid`.
   */
  async find(name: string | null, projectDir: string | null): Promise<Target> {
    const { targets, fallback } = await this.read(projectDir);
    const wanted = name ?? fallback;
    const target = targets.get(wanted);
    if (target === undefined) {
      const known = [...targets.keys()].join(', ');
      throw new SluiceError('target-unknown', { target: wanted, known, path: this.path });
    }
    return target;
  }

  /** The way to a host that a target of the person or the site names; null: none does. */
  async transportTo(address: Pick<Target, 'host' | 'sshConfig'>): Promise<Target['transport']> {
    const { targets } = await this.read(null);
    const ways = [...targets.values()]
      .filter(({ host, sshConfig }) => host === address.host && sshConfig === address.sshConfig)
      .map(({ transport }) => transport);
    return ways.find(way => way !== null) ?? null;
  }

  /** The least time between two questions to a host's scheduler that the person or the site wants. */
  async pollFloorMs(address: Pick<Target, 'host' | 'sshConfig'>): Promise<number> {
    const { targets } = await this.read(null);
    const floors = [...targets.values()]
      .filter(({ host, sshConfig }) => host === address.host && sshConfig === address.sshConfig)
      .map(({ pollSeconds }) => (pollSeconds ?? 0) * 1000);
    return Math.max(0, ...floors);
  }

  /** After how many days what a task said is forgotten here; 0: never. Errors: `config-invalid`. */
  keepHistoryDays(): number {
    const days = this.files(null).map(({ keepHistoryDays }) => keepHistoryDays);
    return days.findLast(own => own !== null) ?? DEFAULT_HISTORY_DAYS;
  }

  /** Whether this is a login node: nothing is to be computed here unasked. */
  async isLoginNode(): Promise<boolean> {
    return !this.options.inAllocation && (await this.options.hasController());
  }

  /** Every target by name, and the name of the default one. */
  async read(
    projectDir: string | null
  ): Promise<{ targets: Map<string, Target>; fallback: string }> {
    const files = this.files(projectDir);
    const common = commonOf(files, projectDir);
    const targets = new Map<string, Target>();
    const builtIn = (name: string, entry: TargetEntry, root: string): void => {
      targets.set(name, toTarget({ name, entry, source: 'built-in', root }, common));
    };
    builtIn('here', HERE, this.options.hereRoot);
    const controller = await this.options.hasController();
    if (controller) {
      builtIn('slurm', SLURM, '~/.sluice');
    }
    for (const [name, entry, source] of mergeEntries(files)) {
      const known = targets.get(name);
      const root = known?.root ?? '~/.sluice';
      const base = name === 'here' ? HERE : name === 'slurm' ? SLURM : {};
      const target = toTarget({ name, entry: { ...base, ...entry }, source, root }, common);
      targets.set(name, this.withTrust(target, { ...base, ...entry }, files));
    }
    const named = files.findLast(file => file.default !== null)?.default ?? null;
    const fallback = controller && !this.options.inAllocation ? 'slurm' : 'here';
    return { targets, fallback: named ?? fallback };
  }

  /** The person's own file says it, else their answer, else the other files; else it is asked. */
  private withTrust(target: Target, entry: TargetEntry, files: readonly ConfigFile[]): Target {
    const { userPath, trusted } = this.options;
    const own = files.find(({ path }) => path === userPath)?.targets[target.name]?.trust;
    const answer = own ?? (target.name === 'here' ? undefined : trusted?.(target)) ?? entry.trust;
    return { ...target, trust: answer ?? 'none', asksTrust: answer === undefined };
  }

  /** Site, user, project: later ones win key by key. */
  private files(projectDir: string | null): ConfigFile[] {
    const { sitePath, userPath } = this.options;
    const project = projectDir === null ? null : findProjectFile(projectDir);
    if (project !== null && project.path !== userPath) {
      requireConsent(project, this.options.isAllowed ?? (() => false));
    }
    return [readConfigFile(sitePath), readConfigFile(userPath), project].filter(f => f !== null);
  }
}

/** The patterns of a site or a person are meant below the project; its own below its file. */
function commonOf(files: readonly ConfigFile[], projectDir: string | null): Common {
  const here = files.flatMap(({ targets }) => Object.entries(targets['here']?.paths ?? {}));
  const own = files.findLast(({ path }) => basename(path) === 'sluice.toml');
  const project = own === undefined ? projectDir : dirname(own.path);
  const fileRules = files
    .filter(({ include, exclude }) => include.length + exclude.length > 0)
    .flatMap(({ path, include, exclude }) =>
      project === null ? [] : [{ folder: resolve(project), include, exclude, source: path }]
    );
  const fetchRules = files
    .toReversed()
    .flatMap(({ path, fetch }) => (fetch === null ? [] : [ruleOf(fetch, path)]));
  return { pathsHere: Object.fromEntries(here.map(withHome)), fileRules, fetchRules };
}

function withHome([name, path]: [string, string]): [string, string] {
  return [name, /^~(?:\/|$)/.test(path) ? homedir() + path.slice(1) : path];
}

function* mergeEntries(files: ConfigFile[]): Iterable<[string, TargetEntry, string]> {
  const merged = new Map<string, { entry: TargetEntry; source: string }>();
  for (const file of files) {
    for (const [name, entry] of Object.entries(file.targets)) {
      const before = merged.get(name);
      const source = before?.source ?? file.path;
      merged.set(name, { entry: { ...before?.entry, ...entry }, source });
    }
  }
  for (const [name, { entry, source }] of merged) {
    yield [name, entry, source];
  }
}
