import { FilePatterns, patternProblem } from '../../capture/file-patterns';
import { SluiceError } from '../../shared/errors';
import { sizeWords } from '../../shared/size-words';
import type { SubmitRequest } from '../../shared/wire/submit';
import type { FetchRule, Target } from '../targets/target';
import { type FileKind, isCode, kindOf } from './kind-of';

export const DEFAULT_HOME_BYTES = 100e6;
/** More than a person can look through are none that somebody waits for. */
export const MOST_HOME_FILES = 1000;

/** A place in the order in which files come by themselves; null: it stays, for this reason. */
export type Rank = { kind: FileKind; rank: number | null; reason: string | null };

/** Asked for by name: no limit holds for them. */
export const ASKED = 0;
const INCLUDED = 1;

const RANKS: Readonly<Partial<Record<FileKind, number>>> = {
  picture: 2,
  table: 2,
  log: 2,
  text: 3
};

/** Why a kind without a rank does not come by itself. */
const STAYS: Readonly<Partial<Record<FileKind, string>>> = {
  checkpoint: 'checkpoints come only when they are fetched',
  archive: 'archives come only when they are fetched'
};
const STAYS_OTHERWISE = 'comes only when it is fetched';

type Level = { include: FilePatterns; exclude: FilePatterns; source: string };

/** Above the notebook's folder or below it: patterns are about the rest of the path. */
const withoutLevels = (path: string): string => path.replace(/^(?:\.\.\/)+/, '');

function patternsOf(patterns: readonly string[]): FilePatterns {
  const plain = patterns.map(pattern => withoutLevels(pattern.replace(/^\.\//, '')));
  return new FilePatterns('/', plain);
}

/** Which of the files that a task writes come home by themselves, and in which order. */
export class HomeRule {
  readonly maxBytes: number;
  private readonly asked: FilePatterns;
  private readonly none: boolean;
  private readonly levels: Level[];

  /** Errors: `config-invalid` and `request-invalid`, naming the pattern. */
  constructor({ fetch }: Pick<SubmitRequest, 'fetch'>, { fetchRules }: Pick<Target, 'fetchRules'>) {
    fetchRules.forEach(checkRule);
    const problem = fetch.include.map(pattern => patternProblem(withoutLevels(pattern)));
    const found = problem.find(one => one !== null);
    if (found !== undefined) {
      throw new SluiceError('request-invalid', { problem: `--fetch: ${found}` });
    }
    this.asked = patternsOf(fetch.include);
    this.none = fetch.none;
    this.levels = fetchRules.map(({ include, exclude, source }) => ({
      include: patternsOf(include),
      exclude: patternsOf(exclude),
      source
    }));
    this.maxBytes =
      fetchRules.find(({ maxBytes }) => maxBytes !== null)?.maxBytes ?? DEFAULT_HOME_BYTES;
  }

  rankOf(path: string): Rank {
    const kind = kindOf(path);
    const place = `/${withoutLevels(path)}`;
    if (this.asked.matches(place)) {
      return { kind, rank: ASKED, reason: this.tooMuch };
    }
    if (this.none) {
      return { kind, rank: null, reason: 'nothing was to come by itself' };
    }
    // The nearest file that speaks of it decides.
    for (const { include, exclude, source } of this.levels) {
      if (include.matches(place)) {
        return { kind, rank: INCLUDED, reason: this.tooMuch };
      }
      if (exclude.matches(place)) {
        return { kind, rank: null, reason: `${source} leaves it there` };
      }
    }
    return this.byKind(path, kind);
  }

  private get tooMuch(): string {
    const most = MOST_HOME_FILES.toLocaleString('en');
    return `more than the ${sizeWords(this.maxBytes)} and ${most} files that come by themselves`;
  }

  private byKind(path: string, kind: FileKind): Rank {
    if (isCode(path)) {
      return { kind, rank: null, reason: 'code comes only when it is fetched' };
    }
    const rank = RANKS[kind] ?? null;
    return { kind, rank, reason: rank === null ? (STAYS[kind] ?? STAYS_OTHERWISE) : this.tooMuch };
  }
}

function checkRule({ include, exclude, source }: FetchRule): void {
  for (const [key, patterns] of Object.entries({ include, exclude })) {
    const found = patterns
      .map(pattern => patternProblem(withoutLevels(pattern)))
      .find(one => one !== null);
    if (found !== undefined) {
      throw new SluiceError('config-invalid', { path: source, problem: `fetch.${key}: ${found}` });
    }
  }
}

/** The paths that come, of files in the order of their ranks: as many as fit, small before large. */
export function chooseHome(
  files: Iterable<{ path: string; bytes: number; rank: number | null }>,
  maxBytes: number
): string[] {
  const chosen: string[] = [];
  let bytes = 0;
  let count = 0;
  for (const file of files) {
    if (file.rank === ASKED) {
      chosen.push(file.path);
    } else if (count < MOST_HOME_FILES && bytes + file.bytes <= maxBytes) {
      chosen.push(file.path);
      bytes += file.bytes;
      count += 1;
    }
  }
  return chosen;
}
