import type { LeftOut } from '../../shared/wire/capture';
import type { IFileTree } from '../file-tree';
import { isBelow } from '../posix-path';
import { filesBelow, filesIn } from './folder-walk';
import type { Candidate } from './path-candidates';
import { type GlobFound, isGlob, pythonGlob } from './python-glob';

/** A file that is here and that some source uses. */
export type WantedFile = {
  absolute: string;
  /** As the first source has it. */
  name: string;
  uses: { candidate: Candidate; why: string }[];
};

export type Wanted = {
  files: Map<string, WantedFile>;
  leftOut: LeftOut[];
  /** Candidates that begin at the root or at home, or at a place of the configuration. */
  missing: Candidate[];
};

/** When only the run tells which file is meant, no more than this many go on suspicion. */
const MOST_GUESSED = 20;
const MOST_CANDIDATES = 20_000;

/** Which candidates are files here: patterns and folders are expanded; one look at each path. */
export class WantedFiles {
  readonly wanted: Wanted = { files: new Map(), leftOut: [], missing: [] };

  constructor(
    private readonly files: IFileTree,
    private readonly cwd: string,
    /** Folders that the cell names only to import from. */
    private readonly folders: ReadonlySet<string>,
    /** Folders that the code goes to: relative paths are meant in them, too. */
    private readonly entered: readonly string[] = []
  ) {}

  /** Look at all candidates, in order. */
  async find(candidates: readonly Candidate[]): Promise<Wanted> {
    for (const folder of [this.cwd, ...this.entered]) {
      this.names.set(folder, new Set((await this.files.list(folder)) ?? []));
    }
    const possible = candidates.filter(each => this.mayBeHere(each));
    if (possible.length > MOST_CANDIDATES) {
      const reason = `the code names ${possible.length} paths; only the first ${MOST_CANDIDATES} were looked for`;
      this.leave('…', reason);
    }
    const asked = possible.slice(0, MOST_CANDIDATES);
    await this.warm(asked);
    for (const candidate of asked) {
      await (candidate.pattern === null ? this.findPlain(candidate) : this.findMany(candidate));
    }
    this.leaveFolders();
    return this.wanted;
  }

  /** Most constants name nothing: the lists of the folders tell without a look at each. */
  private mayBeHere({ absolute, pattern, base }: Candidate): boolean {
    if (base.kind !== 'cwd') {
      return true;
    }
    const below = pattern === null ? absolute : plainStart(absolute, pattern);
    for (const [folder, names] of this.names) {
      const first = firstBelow(below, folder);
      if (first !== null && !names.has(first)) {
        return false;
      }
    }
    return true;
  }

  /** The disk answers many questions at once sooner than one after the other. */
  private async warm(candidates: readonly Candidate[]): Promise<void> {
    const paths = [...new Set(candidates.map(({ absolute }) => absolute))];
    for (let start = 0; start < paths.length; start += 64) {
      await Promise.all(
        paths.slice(start, start + 64).map(async path => {
          this.known.set(path, (await this.files.stat(path))?.kind ?? null);
        })
      );
    }
  }

  private async findPlain(candidate: Candidate): Promise<void> {
    const { absolute, use, source } = candidate;
    if (candidate.base.kind === 'place') {
      this.wanted.missing.push(candidate);
      return;
    }
    const kind = this.known.get(absolute) ?? null;
    if (kind === 'file' && absolute !== source.file) {
      this.want(absolute, candidate, plainWhy(candidate));
    } else if (kind === 'folder' && (use === 'tree' || use === 'listed')) {
      await this.findMany(candidate);
    } else if (kind === 'folder') {
      this.namedFolders.push(candidate);
    } else if (kind === 'other' && use === 'read' && !candidate.name.startsWith('/')) {
      this.leave(candidate.name, 'neither a file nor a folder: a device, a socket or a pipe');
    } else if (kind === null) {
      this.wanted.missing.push(candidate);
    }
  }

  private async findMany(candidate: Candidate): Promise<void> {
    const { absolute, pattern, style, use, name, isGuess } = candidate;
    if (candidate.base.kind === 'place') {
      this.wanted.missing.push(candidate);
      return;
    }
    if (pattern === null && this.isTooWide(absolute)) {
      this.leave(name, 'a folder around the notebook; name what is needed of it with `-i`');
      return;
    }
    const { paths, isCut } =
      pattern !== null
        ? await this.glob(absolute, pattern, style)
        : use === 'tree'
          ? await filesBelow(this.files, absolute)
          : await filesIn(this.files, absolute);
    if (isCut) {
      this.leave(
        name,
        'more files than Sluice looks through; name those that are needed with `-i`'
      );
    }
    if (isGuess && paths.length > MOST_GUESSED) {
      const reason = `which of these ${paths.length} files ${whereOf(candidate)} opens only the run tells; name them with \`-i\``;
      this.leave(name, reason);
      return;
    }
    if (paths.length === 0 && name.startsWith('/')) {
      this.wanted.missing.push(candidate);
    }
    const words = pattern === null ? `in the folder ${name}` : `matches ${name}`;
    paths.forEach(path => this.want(path, candidate, `${words}, ${whereOf(candidate)}`));
  }

  private glob(folder: string, pattern: string, style: Candidate['style']): Promise<GlobFound> {
    const key = `${style} ${folder}\0${pattern}`;
    let found = this.globs.get(key);
    if (found === undefined) {
      found = pythonGlob(this.files, folder, pattern, style);
      this.globs.set(key, found);
    }
    return found;
  }

  /** The notebook's folder whole, or one above it, is more than code means. */
  private isTooWide(folder: string): boolean {
    return isBelow(this.cwd, folder) && folder !== this.cwd;
  }

  private want(absolute: string, candidate: Candidate, why: string): void {
    const known = this.wanted.files.get(absolute);
    if (known) {
      known.uses.push({ candidate, why });
    } else {
      const { name } = candidate;
      const own = candidate.pattern === null && candidate.absolute === absolute ? name : absolute;
      this.wanted.files.set(absolute, { absolute, name: own, uses: [{ candidate, why }] });
    }
  }

  /** A folder that is given to something, and of which nothing else is said. */
  private leaveFolders(): void {
    const captured = [...this.wanted.files.keys()];
    for (const { absolute, use, name, base, line, source } of this.namedFolders) {
      const isMeant = use === 'read' || (use === 'unknown' && /[^.]/.test(name) && !isGlob(name));
      const isKnown =
        this.folders.has(absolute) ||
        isBelow(this.cwd, absolute) ||
        base.kind !== 'cwd' ||
        captured.some(path => isBelow(path, absolute));
      if (isMeant && !isKnown) {
        const where = `${source.who}, line ${line}`;
        this.leave(name, `a folder (${where}); send it with \`-i ${name.replace(/\/$/, '')}/\``);
      }
    }
  }

  private leave(name: string, reason: string): void {
    if (!this.wanted.leftOut.some(each => each.name === name)) {
      this.wanted.leftOut.push({ kind: 'file', name, reason });
    }
  }

  /** What lies in the folders that relative paths are meant in. */
  private readonly names = new Map<string, ReadonlySet<string>>();
  private readonly globs = new Map<string, Promise<GlobFound>>();
  private readonly known = new Map<string, 'file' | 'folder' | 'other' | null>();
  private readonly namedFolders: Candidate[] = [];
}

/** The part of a path that lies in a folder itself; null: it is not below. */
function firstBelow(path: string, folder: string): string | null {
  const start = folder === '/' ? 1 : folder.length + 1;
  if (path.length <= start || !isBelow(path, folder)) {
    return null;
  }
  const end = path.indexOf('/', start);
  return end === -1 ? path.slice(start) : path.slice(start, end);
}

/** A pattern's first part below its folder, where that is plain; else the folder. */
function plainStart(folder: string, pattern: string): string {
  const [first = ''] = pattern.split('/', 1);
  return first === '' || first.startsWith('.') || isGlob(first) ? folder : `${folder}/${first}`;
}

function whereOf({ source, line }: Candidate): string {
  return `${source.who}, line ${line}`;
}

function plainWhy(candidate: Candidate): string {
  return `${candidate.use === 'read' ? 'opened' : 'named'} by ${whereOf(candidate)}`;
}

/**
 * Whether a file is only made, not needed: each use writes it, or the cell surely writes it before
 * anything reads it. Being bound to a name is no use of its own.
 */
export function isOnlyWritten({ uses }: WantedFile): boolean {
  const real = uses.map(({ candidate }) => candidate).filter(({ use }) => use !== 'assigned');
  if (real.length === 0 || real.every(({ use }) => use === 'written')) {
    return real.length > 0;
  }
  const [first] = real;
  const isOneSource = real.every(({ source }) => source === first?.source);
  const written = real.filter(({ use, isSure }) => use === 'written' && isSure);
  const from = Math.min(...written.map(({ line }) => line));
  return (
    isOneSource &&
    first?.source.file === null &&
    real.every(({ use, line }) => use === 'written' || line > from)
  );
}
