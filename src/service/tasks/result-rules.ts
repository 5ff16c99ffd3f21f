import { sizeWords } from '../../shared/size-words';
import type { ResultVariable } from '../../shared/wire/events';
import type { HomeVariable } from '../../shared/wire/task';

export type ResultFile = ResultVariable['files'][number];

/** What is to become of one variable that a worker told. */
export type JudgedResult = {
  /** As clients see it once `files` are here; its own files are empty. */
  variable: HomeVariable;
  /** To be brought here. */
  files: ResultFile[];
};

export type ResultContext = {
  task: string;
  target: string;
  /** How far the target was trusted when the task was prepared. */
  trust: 'none' | 'outputs' | 'pickles';
  /** What comes by itself, all together. */
  limitBytes: number;
};

/** What comes home by itself of one task. */
export const HOME_BYTES = 100 * 2 ** 20;

const SHA256 = /^[0-9a-f]{64}$/;
const MOST_FILES = 10_000;
const MOST_VARIABLES = 10_000;
const LONGEST_NAME = 500;
const LONGEST_TYPE = 200;
const LONGEST_REASON = 1000;
const RUNS_CODE = new Set(['pickle', 'dill']);

/** One line of what another machine said, without anything that acts on a screen. */
export function plainLine(text: string, most: number): string {
  return text
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, most);
}

/** Whether a file is named by the hash of its bytes, as each of a worker's results is. */
export function isOurName({ path, sha256, bytes }: ResultFile): boolean {
  return path === sha256 && SHA256.test(sha256) && Number.isSafeInteger(bytes);
}

/** Whether a kernel could have such a name at all; what it may be bound to is the kernel's to say. */
export function isVariableName(name: string): boolean {
  return (
    name.length <= LONGEST_NAME &&
    /^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(name) &&
    !/^__.*__$/.test(name)
  );
}

const bytesOf = (files: readonly ResultFile[]): number =>
  files.reduce((sum, { bytes }) => sum + bytes, 0);

/** What cannot be taken as it was told. */
function problemOf({ name, files, format, reason, kept }: ResultVariable): string | null {
  if (!isVariableName(name)) {
    return 'it is not bound: its name is none of a variable';
  }
  if (files.length > MOST_FILES || !files.every(isOurName)) {
    return 'what its worker told of its files cannot be true, so it is not taken';
  }
  const roles = new Set(files.map(({ role }) => role));
  if (roles.size < files.length) {
    return 'what its worker told of its files cannot be true, so it is not taken';
  }
  const isOffered = reason === null || kept !== null;
  return isOffered && (format === null || files.length === 0)
    ? 'its worker told no files of it'
    : null;
}

/** Why a value is whole on its target, and what to do with it. */
export function largeWords(name: string, bytes: number, target: string): string {
  return (
    `${sizeWords(bytes)}, more than comes by itself; it stays on ${target} whole: ` +
    `use it in a cell that runs there, or bring it with \`${name}.fetch()\``
  );
}

/** Why a value is here and not loaded, and what to do about it. */
export function withheldWords(
  result: Pick<ResultVariable, 'name' | 'reason'>,
  context: ResultContext
): string {
  const lead = result.reason?.startsWith('is code') === true ? 'is code: ' : '';
  return (
    `${lead}it came as a pickle, which can run code when it is loaded, and ${context.target} is trusted ` +
    `with “${context.trust}” only; “Load” or \`%sluice load ${context.task} ${result.name}\` loads it`
  );
}

/** Whether a format can run code here, which only a person's word allows. */
export function needsWord(format: string | null, trust: ResultContext['trust']): boolean {
  return format !== null && RUNS_CODE.has(format) && trust !== 'pickles';
}

function judgeOne(result: ResultVariable, context: ResultContext): JudgedResult {
  const { task, target, trust } = context;
  const problem = problemOf(result);
  const known = {
    name: plainLine(result.name, LONGEST_NAME),
    type: plainLine(result.type, LONGEST_TYPE),
    bytes: result.bytes,
    format: result.format,
    files: []
  };
  const from = { task, target };
  if (problem !== null) {
    return { variable: { ...known, format: null, reason: problem }, files: [] };
  }
  if (result.kept === 'large') {
    const reason = largeWords(known.name, result.bytes, target);
    return { variable: { ...known, reason, kept: 'large', from }, files: [] };
  }
  if (result.kept === 'withheld' || needsWord(result.format, trust)) {
    const isHere = result.files.length > 0;
    const reason = withheldWords(result, context);
    return isHere
      ? { variable: { ...known, reason, kept: 'withheld', from }, files: result.files }
      : {
          variable: { ...known, reason: plainLine(result.reason ?? reason, LONGEST_REASON) },
          files: []
        };
  }
  const reason = result.reason === null ? null : plainLine(result.reason, LONGEST_REASON);
  // What finds no room here waits there.
  return {
    variable: { ...known, reason, kept: null, from },
    files: reason === null ? result.files : []
  };
}

/** The rest would be more than comes by itself; the smallest come. */
function withinLimit(judged: JudgedResult[], context: ResultContext): JudgedResult[] {
  const seen = new Set<string>();
  let total = 0;
  const over = new Set<JudgedResult>();
  const smallestFirst = [...judged].sort((a, b) => bytesOf(a.files) - bytesOf(b.files));
  for (const each of smallestFirst) {
    const own = each.files.filter(({ sha256 }) => !seen.has(sha256));
    if (total + bytesOf(own) > context.limitBytes) {
      over.add(each);
      continue;
    }
    total += bytesOf(own);
    own.forEach(({ sha256 }) => seen.add(sha256));
  }
  return judged.map(each => (over.has(each) ? stays(each, context) : each));
}

/** Leave one there that would have come. */
function stays({ variable, files }: JudgedResult, { task, target }: ResultContext): JudgedResult {
  const bytes = bytesOf(files);
  const reason = largeWords(variable.name, bytes, target);
  return {
    variable: { ...variable, bytes, reason, kept: 'large', from: { task, target } },
    files: []
  };
}

/** What is to become of the variables that a worker told; nothing of that is taken on trust. */
export function judgeResults(
  results: readonly ResultVariable[],
  context: ResultContext
): JudgedResult[] {
  // What was told last of a name counts.
  const last = new Map(results.map(result => [result.name, result]));
  const judged = [...last.values()].slice(0, MOST_VARIABLES).map(each => judgeOne(each, context));
  return withinLimit(judged, context);
}
