import type { LeftOut, Note } from '../../shared/wire/capture';
import type { FileRules } from '../file-rules';
import type { IFileTree } from '../file-tree';
import { absoluteNews } from './absolute-news';
import { type Chosen, chooseFiles } from './choose-files';
import { FolderNames } from './folder-names';
import type { IdleCode } from './idle-code';
import { ModuleIndex } from './module-index';
import type { CapturedFile } from './module-file';
import { candidatesIn, candidatesOf, enteredFolders } from './path-candidates';
import type { PathFacts } from './path-facts';
import { PathValues } from './path-values';
import { isOnlyWritten, type Wanted, type WantedFile, WantedFiles } from './wanted-files';
import { WorkBudget } from './work-budget';
import { writtenFolders } from './written-folders';

/** A data file that travels; `path` is seen from the notebook's folder. */
export type CapturedData = CapturedFile & {
  path: string;
  why: string;
  /** How far above the notebook's folder code goes on its way to it; absent: as `path` says. */
  levelsUp?: number;
  /** Import roots below which it also lies, at its own place; absent: none. */
  besideRoots?: readonly string[];
  /** It lies only below those roots, not where the notebook would see it. */
  isOnlyBeside?: boolean;
};

/** How far above the notebook's folder a file may lie. */
export const MOST_LEVELS_UP = 3;

/** A source whose paths count. */
export type NamedSource = {
  /** For a person: `the cell`, `the function load`, or the module's path as it is listed. */
  who: string;
  facts: PathFacts;
  /** Absolute path of the module or script, for `__file__`; null for the cell and its functions. */
  file: string | null;
  /** The import root that it lies below; null where there is none. */
  root: string | null;
  /** Dotted name of the package that it belongs to; null for what is in none. */
  package: string | null;
};

export type DataFilesOptions = {
  /** The cell first. */
  sources: readonly NamedSource[];
  /** The notebook's folder. */
  cwd: string;
  files: IFileTree;
  /** What kernel names hold, as the kernel said. */
  constants: Readonly<Record<string, readonly string[]>>;
  /** Folders that the cell names only to import from; absolute. */
  folders: ReadonlySet<string>;
  rules: FileRules;
  /** Functions of modules that nothing calls: files that only these name stay. Absent: all may run. */
  idle?: Pick<IdleCode, 'running'>;
};

/** A large file that nobody has decided on. */
export type Undecided = { path: string; bytes: number; why: string };

export type DataFound = {
  files: CapturedData[];
  leftOut: LeftOut[];
  /** Large files of which a person says whether they travel; submitting is refused until then. */
  undecided: Undecided[];
  /** Absolute paths that the code uses: they must be on the target. Normalised, sorted. */
  absolute: string[];
  /** Folders that are here and that the code writes into or goes to, as seen from the notebook. */
  folders: string[];
  notes: Note[];
};

/** Steps for the paths of one capture: some seconds at the worst, and far more than people's code. */
const MOST_STEPS = 5_000_000;

/** The files that the sources and the rules name, those of them that stay here, and why. */
export async function dataFiles(options: DataFilesOptions): Promise<DataFound> {
  const { sources, cwd, files, rules, idle } = options;
  const all = await lookUp(sources, options);
  // Few cells read files by way of a module, so what of the modules may run is asked only then.
  const isAsked = idle !== undefined && [...all.wanted.files.values()].some(isNamedByModules);
  const running = isAsked ? await idle.running(sources) : sources;
  const isLess = running.some((source, index) => source !== sources[index]);
  const found = isLess ? await lookUp(running, options) : all;
  const { wanted } = found;
  const chosen: Chosen = await chooseFiles(wanted, { cwd, files, rules });
  const { absolute, notes } = absoluteNews(wanted, rules);
  const leftOut = [...wanted.leftOut, ...unusedFiles(all.wanted, wanted), ...chosen.leftOut];
  return {
    files: chosen.files,
    leftOut: leftOut.sort((a, b) => (a.name < b.name ? -1 : 1)),
    undecided: chosen.undecided,
    absolute,
    folders: found.folders,
    notes
  };
}

/** What the sources name of what is here. */
async function lookUp(
  sources: readonly NamedSource[],
  { cwd, files, constants, folders, rules }: DataFilesOptions
): Promise<{ wanted: Wanted; folders: string[] }> {
  const budget = new WorkBudget(MOST_STEPS);
  const values = new PathValues({
    modules: new ModuleIndex(sources),
    constants,
    places: rules.places,
    home: rules.home,
    budget
  });
  const entered = enteredFolders(sources, values, cwd);
  const here = await FolderNames.of(files, [cwd, ...entered]);
  const candidates = [
    ...sources.flatMap(source => candidatesOf({ source, values, cwd, here })),
    ...entered.flatMap(folder =>
      sources.flatMap(source => candidatesIn(folder, { source, values, cwd, here }))
    )
  ];
  const wanted = await new WantedFiles(files, cwd, folders, entered).find(candidates);
  wanted.leftOut.push(...unfollowed(sources, budget));
  const written = await writtenFolders({ sources, values, candidates, entered, cwd, files });
  return { wanted, folders: written };
}

/** What was not looked at, because code has more of it than people write. */
function unfollowed(sources: readonly NamedSource[], budget: WorkBudget): LeftOut[] {
  const cut = sources.filter(({ facts }) => facts.isCut).map(({ who }) => who);
  const reasons = [
    ...(budget.isSpent ? ['the code makes more paths than Sluice follows'] : []),
    ...(cut.length > 0 ? [`only the first paths of ${cut.join(', ')} were looked at`] : [])
  ];
  return reasons.map(reason => ({
    kind: 'file',
    name: '…',
    reason: `${reason}; name what is needed with \`-i\``
  }));
}

function isNamedByModules({ uses }: WantedFile): boolean {
  return uses.every(({ candidate }) => candidate.source.file !== null);
}

/** Files that only functions name which nothing calls. */
function unusedFiles(all: Wanted, running: Wanted): LeftOut[] {
  const unused = [...all.files.values()].filter(
    file => !running.files.has(file.absolute) && !isOnlyWritten(file)
  );
  return unused.map(({ name, uses }) => {
    const who = uses[0]?.candidate.source.who ?? '';
    const reason = `only code of ${who} names it which nothing here calls; send it with \`-i\``;
    return { kind: 'file', name, reason };
  });
}
