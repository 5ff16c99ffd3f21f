import type { LeftOut } from '../../shared/wire/capture';
import { sizeWords } from '../../shared/size-words';
import type { FileRules } from '../file-rules';
import type { IFileTree } from '../file-tree';
import { isBelow, levelsUp, relativePath } from '../posix-path';
import { isNear } from '../root-layout';
import { type CapturedData, MOST_LEVELS_UP, type Undecided } from './data-files';
import { isSecret } from './is-secret';
import { digestOf } from './digest-of';
import { type Choices, readChoices, ruleFiles } from './rule-files';
import { isOnlyWritten, type Wanted, type WantedFile } from './wanted-files';

export type Chosen = { files: CapturedData[]; leftOut: LeftOut[]; undecided: Undecided[] };

/** Larger ones are asked about: each, and all together. */
export const ASK_BYTES = 50e6;
const ASK_BYTES_TOGETHER = 200e6;

type Item = {
  absolute: string;
  /** As seen from the notebook's folder. */
  path: string;
  /** For a person. */
  name: string;
  why: string;
  besideRoots: string[];
  isInWork: boolean;
  isAbsolute: boolean;
  levelsUp: number;
  bytes: number;
};

type ChooseOptions = { cwd: string; files: IFileTree; rules: FileRules };

/** Of the files that code and rules want, those that travel, those that stay, those to ask about. */
export async function chooseFiles(wanted: Wanted, options: ChooseOptions): Promise<Chosen> {
  const { cwd, files, rules } = options;
  const choices = readChoices(rules, cwd);
  const chosen: Chosen = { files: [], leftOut: [], undecided: [] };
  const byRule = await ruleFiles(choices, files);
  chosen.leftOut.push(...byRule.missing.map(name => leave(name, 'asked for, and not found here')));
  if (byRule.isCut) {
    const reason = 'the rules mean more files than Sluice looks through; only the first are taken';
    chosen.leftOut.push(leave('…', reason));
  }
  const items = new Map<string, Item>();
  for (const { absolute, why } of byRule.found) {
    const path = relativePath(cwd, absolute);
    items.set(absolute, itemOf({ absolute, path, name: path, why }));
  }
  for (const file of wanted.files.values()) {
    if (!isOnlyWritten(file)) {
      const item = wantedItem(file, cwd);
      const known = items.get(file.absolute);
      items.set(file.absolute, known ? { ...item, isInWork: true, why: known.why } : item);
      chosen.leftOut.push(...alsoAbsolute(file, item, rules));
    }
  }
  const taken = await judgeAll([...items.values()], choices, options, chosen);
  await addDigests(taken, files, chosen);
  chosen.files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return chosen;
}

function itemOf(known: Pick<Item, 'absolute' | 'path' | 'name' | 'why'>): Item {
  return { ...known, besideRoots: [], isInWork: true, isAbsolute: false, levelsUp: 0, bytes: 0 };
}

function wantedItem({ absolute, name, uses }: WantedFile, cwd: string): Item {
  const path = relativePath(cwd, absolute);
  const real = uses.filter(({ candidate }) => candidate.use !== 'written');
  const best = real.find(({ candidate }) => candidate.use === 'read') ?? real[0] ?? uses[0];
  const bases = real.map(({ candidate }) => candidate);
  const besideRoots = bases.flatMap(({ base }) =>
    base.kind === 'source' && base.root !== null ? [base.root] : []
  );
  const isRelative = bases.some(
    ({ base, name: text }) =>
      (base.kind === 'cwd' && !text.startsWith('/')) ||
      (base.kind === 'source' && base.root === null)
  );
  return {
    absolute,
    path,
    name: name === absolute && isRelative ? path : name,
    why: best?.why ?? '',
    besideRoots: [...new Set(besideRoots)].sort(),
    isInWork: isRelative,
    isAbsolute: !isRelative && besideRoots.length === 0,
    levelsUp: Math.max(0, ...bases.map(each => highest(each))),
    bytes: 0
  };
}

/** The file travels by one of its paths; by the other it is not found there. */
function alsoAbsolute({ uses }: WantedFile, item: Item, rules: FileRules): LeftOut[] {
  const absolute = uses.find(
    ({ candidate: { base, name, use } }) =>
      base.kind === 'cwd' && name.startsWith('/') && use !== 'written'
  );
  return absolute && !item.isAbsolute
    ? [leave(absolute.candidate.name, absoluteReason(item, rules))]
    : [];
}

/** `../nb/x.csv` leaves the folder, although it comes back. */
function highest({ base, name }: WantedFile['uses'][number]['candidate']): number {
  let [depth, lowest] = [0, 0];
  for (const part of base.kind === 'cwd' && !name.startsWith('/') ? name.split('/') : []) {
    depth += part === '..' ? -1 : part === '' || part === '.' ? 0 : 1;
    lowest = Math.min(lowest, depth);
  }
  return -lowest;
}

async function judgeAll(
  items: readonly Item[],
  choices: Choices,
  options: ChooseOptions,
  chosen: Chosen
): Promise<Item[]> {
  const taken: Item[] = [];
  for (const item of items) {
    const verdict = await judge(item, choices, options);
    if (typeof verdict === 'string') {
      chosen.leftOut.push(leave(item.name, verdict));
    } else if (verdict !== null) {
      taken.push({ ...item, bytes: verdict.bytes, isInWork: item.isInWork || verdict.isAsked });
    }
  }
  return ask(taken, choices, chosen);
}

/** The size of a file that may travel; words on why it stays; null: not worth a word. */
async function judge(
  item: Item,
  { asked, configured }: Choices,
  { files, rules }: ChooseOptions
): Promise<{ bytes: number; isAsked: boolean } | string | null> {
  const { absolute, path } = item;
  const isAsked = asked.include.matches(absolute);
  const excluding = configured.find(({ exclude }) => exclude.matches(absolute));
  if (!isAsked && asked.exclude.matches(absolute)) {
    return 'left here, as asked (`-i !…`)';
  }
  if (!isAsked && excluding) {
    return `\`exclude\` of ${excluding.source}`;
  }
  const isNamed =
    asked.include.names(absolute) || configured.some(({ include }) => include.names(absolute));
  if (isSecret(absolute) && !isNamed) {
    return `its name says that it holds a secret; only \`-i ${path}\` or an \`include\` by that name sends it`;
  }
  if (item.isAbsolute && !isAsked) {
    return absoluteReason(item, rules);
  }
  const far = item.besideRoots.find(root => !isNear(root, absolute));
  if (far !== undefined) {
    return `too far above the modules that open it (${far})`;
  }
  if (Math.max(levelsUp(path), item.levelsUp) > MOST_LEVELS_UP && (item.isInWork || isAsked)) {
    return `more than ${MOST_LEVELS_UP} folders above the notebook`;
  }
  const facts = await files.stat(absolute);
  if (facts?.kind !== 'file') {
    return item.absolute.includes('\ufffd')
      ? 'its name is no valid UTF-8'
      : 'it vanished while the code was read';
  }
  return { bytes: facts.bytes, isAsked };
}

/** What is an absolute path here, and what could be written instead. */
function absoluteReason({ absolute, path }: Item, rules: FileRules): string {
  const place = Object.entries(rules.places).find(([, folder]) => isBelow(absolute, folder));
  if (place && isBelow(absolute, place[1])) {
    const [name, folder] = place;
    const rest = relativePath(folder, absolute);
    const there = rules.placesThere[name];
    return there === undefined
      ? `an absolute path; \`sluice.path("${name}")\` stands for its folder, once \`paths\` of the target has “${name}”`
      : `an absolute path; write \`sluice.path("${name}") + "/${rest}"\`, which is ${there}/${rest} there`;
  }
  return levelsUp(path) === 0
    ? `an absolute path, which is not the same there; write it as “${path}”, relative to the notebook`
    : 'an absolute path: it stays where it is, and must be on the target too; else name its folder in `paths` of the target and use `sluice.path`';
}

/** Large files that nobody decided on are no part of it. */
function ask(taken: Item[], { asked, configured }: Choices, chosen: Chosen): Item[] {
  const isDecided = ({ absolute }: Item): boolean =>
    asked.include.matches(absolute) || configured.some(({ include }) => include.matches(absolute));
  const open = taken.filter(item => !isDecided(item)).sort((a, b) => b.bytes - a.bytes);
  let together = open.reduce((sum, { bytes }) => sum + bytes, 0);
  const undecided = new Set<Item>();
  for (const item of open) {
    if (item.bytes > ASK_BYTES || together > ASK_BYTES_TOGETHER) {
      undecided.add(item);
      together -= item.bytes;
    }
  }
  for (const item of taken.filter(each => undecided.has(each))) {
    const { path, bytes, why } = item;
    chosen.undecided.push({ path, bytes, why });
    const reason = `${sizeWords(bytes)}: send it with \`-i ${path}\`, or leave it with \`-i !${path}\``;
    chosen.leftOut.push(leave(path, reason));
  }
  return taken.filter(item => !undecided.has(item));
}

const BATCH = 16;

async function addDigests(taken: readonly Item[], files: IFileTree, chosen: Chosen): Promise<void> {
  for (let start = 0; start < taken.length; start += BATCH) {
    const batch = taken.slice(start, start + BATCH);
    const facts = await Promise.all(batch.map(({ absolute }) => digestOf(files, absolute)));
    batch.forEach(({ path, name, why, besideRoots, isInWork, ...item }, index) => {
      const found = facts[index];
      if (typeof found === 'string') {
        chosen.leftOut.push(leave(name, `cannot be read: ${found}`));
      } else if (found) {
        const beside = besideRoots.length > 0 ? { besideRoots } : {};
        const only = isInWork ? {} : { isOnlyBeside: true };
        const above = item.levelsUp > levelsUp(path) ? { levelsUp: item.levelsUp } : {};
        chosen.files.push({ ...found, path, why, ...beside, ...only, ...above });
      }
    });
  }
}

function leave(name: string, reason: string): LeftOut {
  return { kind: 'file', name, reason };
}
