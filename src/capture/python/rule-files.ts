import ignore, { type Ignore } from 'ignore';
import { FilePatterns } from '../file-patterns';
import type { FileRules } from '../file-rules';
import type { IFileTree } from '../file-tree';
import { isBelow, normalizePath, relativePath } from '../posix-path';
import { TOOL_FOLDERS } from './folder-walk';

/** What a person chose, ready to be asked about a file. */
export type Choices = {
  asked: { include: FilePatterns; exclude: FilePatterns };
  configured: { include: FilePatterns; exclude: FilePatterns; source: string }[];
};

/** A file that a rule brings. */
export type RuleFile = { absolute: string; why: string; isAsked: boolean };

const MOST_FILES = 10_000;
const MOST_NAMES = 200_000;

/** Read the rules once for a capture. */
export function readChoices({ asked, configured }: FileRules, cwd: string): Choices {
  return {
    asked: {
      include: new FilePatterns(cwd, asked.include, true),
      exclude: new FilePatterns(cwd, asked.exclude, true)
    },
    configured: configured.map(({ folder, include, exclude, source }) => ({
      include: new FilePatterns(folder, include),
      exclude: new FilePatterns(folder, exclude),
      source
    }))
  };
}

/** The files that rules bring beyond what the code names; `missing`: asked for, and not here. */
export async function ruleFiles(
  choices: Choices,
  files: IFileTree
): Promise<{ found: RuleFile[]; missing: string[]; isCut: boolean }> {
  const walk = new RuleWalk(files);
  const missing: string[] = [];
  for (const pattern of choices.asked.include.patterns) {
    const before = walk.found.size;
    const single = new FilePatterns(choices.asked.include.folder, [pattern], true);
    await walk.take(single, `asked for: ${pattern}`, true);
    if (walk.found.size === before && !pattern.startsWith('!')) {
      missing.push(pattern);
    }
  }
  for (const { include, source } of choices.configured) {
    await walk.take(include, `\`include\` of ${source}`, false);
  }
  return { found: [...walk.found.values()], missing, isCut: walk.isCut };
}

/** Looks where patterns lead; what `.gitignore` hides stays hidden unless a pattern names it. */
class RuleWalk {
  readonly found = new Map<string, RuleFile>();
  isCut = false;

  constructor(private readonly files: IFileTree) {}

  async take(patterns: FilePatterns, why: string, isAsked: boolean): Promise<void> {
    const keep = (absolute: string): void => {
      if (!this.found.has(absolute)) {
        this.found.set(absolute, { absolute, why, isAsked });
      }
    };
    for (const { path, isWhole } of patterns.starts()) {
      const facts = await this.files.stat(path);
      if (facts?.kind === 'file' && patterns.matches(path)) {
        keep(path);
      } else if (facts?.kind === 'folder' && (isWhole || patterns.matches(path))) {
        await this.descend(
          path,
          patterns,
          await this.ignoredAbove(path, patterns.folder),
          [],
          keep
        );
      }
    }
  }

  private async descend(
    folder: string,
    patterns: FilePatterns,
    above: readonly GitIgnore[],
    ids: readonly string[],
    keep: (absolute: string) => void
  ): Promise<void> {
    const own = await this.gitIgnore(folder);
    const ignored = own ? [own, ...above] : above;
    const names = [...((await this.files.list(folder)) ?? [])].sort();
    this.looked += names.length;
    for (const name of names) {
      const absolute = `${folder === '/' ? '' : folder}/${name}`;
      if (this.found.size >= MOST_FILES || this.looked > MOST_NAMES) {
        this.isCut = true;
        return;
      }
      const facts = TOOL_FOLDERS.has(name) ? null : await this.files.stat(absolute);
      const isLoop = facts?.id !== undefined && ids.includes(facts.id);
      if (facts?.kind === 'folder' && !isLoop && !isIgnored(`${absolute}/`, ignored)) {
        const inner = facts.id === undefined ? ids : [...ids, facts.id];
        await this.descend(absolute, patterns, ignored, inner, keep);
      } else if (facts?.kind === 'file' && patterns.matches(absolute)) {
        if (patterns.names(absolute) || !isIgnored(absolute, ignored)) {
          keep(absolute);
        }
      }
    }
  }

  /** Of the folders above a start: up to that of the repository, else to that of the rules. */
  private async ignoredAbove(start: string, top: string): Promise<GitIgnore[]> {
    const found: GitIgnore[] = [];
    for (let at = start; at !== '/';) {
      if ((await this.files.stat(`${at}/.git`)) !== null) {
        return found;
      }
      at = normalizePath(`${at}/..`);
      const each = await this.gitIgnore(at);
      found.push(...(each ? [each] : []));
    }
    return found.filter(({ folder }) => isBelow(folder, top));
  }

  private async gitIgnore(folder: string): Promise<GitIgnore | null> {
    const path = `${folder === '/' ? '' : folder}/.gitignore`;
    const facts = await this.files.stat(path);
    if (facts?.kind !== 'file' || facts.bytes > 2 ** 20) {
      return null;
    }
    const text = this.files.decode(await this.files.read(path));
    return { folder, matcher: ignore().add(text) };
  }

  private looked = 0;
}

type GitIgnore = { folder: string; matcher: Ignore };

/** The nearest file that says anything decides. */
function isIgnored(absolute: string, nearest: readonly GitIgnore[]): boolean {
  for (const { folder, matcher } of nearest) {
    if (isBelow(absolute, folder)) {
      const slash = absolute.endsWith('/') ? '/' : '';
      const { ignored, unignored } = matcher.test(relativePath(folder, absolute) + slash);
      if (ignored || unignored) {
        return ignored;
      }
    }
  }
  return false;
}
