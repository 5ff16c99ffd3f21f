import { isDeepStrictEqual } from 'node:util';
import { parse } from 'smol-toml';

/** Keys to set in a target's table: strings, or lists of them. */
export type TargetEdit = { key: string; value: string | string[] };

/** What came of an edit: the new text, or why the file was left alone. */
export type Edited = { text: string } | { problem: string };

type Table = Record<string, unknown>;

/** A value as TOML: its basic strings take the escapes of JSON. */
export function tomlValue(value: string | string[]): string {
  const one = (text: string): string => JSON.stringify(text).replaceAll('\u007f', '\\u007f');
  return typeof value === 'string' ? one(value) : `[${value.map(one).join(', ')}]`;
}

const lineOf = ({ key, value }: TargetEdit): string => `${key} = ${tomlValue(value)}`;

/** A name as a key; a bare key may hold no dot. */
const keyWord = (name: string): string => (/^[\w-]+$/.test(name) ? name : JSON.stringify(name));

/** The table of a target with these keys. */
export function targetTable(name: string, edits: readonly TargetEdit[]): string {
  return [`[targets.${keyWord(name)}]`, ...edits.map(lineOf), ''].join('\n');
}

function parsed(text: string): Table | string {
  try {
    return parse(text);
  } catch (error) {
    return error instanceof Error
      ? (error.message.split('\n')[0] ?? 'it is no TOML')
      : String(error);
  }
}

function tableAt(data: Table, ...path: string[]): Table {
  let at: unknown = data;
  for (const key of path) {
    at = typeof at === 'object' && at !== null ? (at as Table)[key] : undefined;
  }
  return typeof at === 'object' && at !== null ? (at as Table) : {};
}

/** What the file is to mean afterwards. */
function wanted(before: Table, name: string, edits: readonly TargetEdit[]): Table {
  const changed = Object.fromEntries(edits.map(({ key, value }) => [key, value]));
  const targets = tableAt(before, 'targets');
  const target = { ...tableAt(targets, name), ...changed };
  return { ...before, targets: { ...targets, [name]: target } };
}

const isHeader = (line: string): boolean => /^\s*\[/.test(line);

/** The header of a target's own table, however its words are quoted. */
function isHeaderOf(line: string, name: string): boolean {
  const words = [name, JSON.stringify(name), `'${name}'`].map(word =>
    word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  );
  return new RegExp(
    `^\\s*\\[\\s*targets\\s*\\.\\s*(?:${words.join('|')})\\s*\\]\\s*(?:#.*)?$`
  ).test(line);
}

function setLine(lines: string[], from: number, to: number, edit: TargetEdit): number {
  const known = lines.findIndex(
    (line, index) => index >= from && index < to && new RegExp(`^\\s*${edit.key}\\s*=`).test(line)
  );
  if (known !== -1) {
    // A comment behind the value stays where it can be told from it.
    const comment = /^[^"'#]*(?:"[^"\\]*"|'[^']*'|[^"'#]*)\s*(#.*)$/.exec(lines[known] ?? '')?.[1];
    lines[known] = `${lineOf(edit)}${comment === undefined ? '' : ` ${comment}`}`;
    return to;
  }
  let last = to;
  while (last > from && /^\s*(#.*)?$/.test(lines[last - 1] ?? '')) {
    last -= 1;
  }
  lines.splice(last, 0, lineOf(edit));
  return to + 1;
}

function changeTable(text: string, name: string, edits: readonly TargetEdit[]): string | null {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text.split(newline);
  const header = lines.findIndex(line => isHeaderOf(line, name));
  if (header === -1) {
    return null;
  }
  const next = lines.findIndex((line, index) => index > header && isHeader(line));
  let end = next === -1 ? lines.length : next;
  for (const edit of edits) {
    end = setLine(lines, header + 1, end, edit);
  }
  return lines.join(newline);
}

function appendTable(text: string, name: string, edits: readonly TargetEdit[]): string {
  const gap = text === '' ? '' : text.endsWith('\n') ? '\n' : '\n\n';
  return `${text}${gap}${targetTable(name, edits)}`;
}

/**
 * Set keys in a target's table of a configuration file, or add the table at its end. All other text
 * stays as it is, byte for byte. The result is read again: where it does not mean exactly what was
 * meant to be changed (a table written in a way that cannot be edited by lines), nothing is changed.
 */
export function editTarget(text: string, name: string, edits: readonly TargetEdit[]): Edited {
  const before = parsed(text);
  if (typeof before === 'string') {
    return { problem: `it cannot be read: ${before}` };
  }
  const result = changeTable(text, name, edits) ?? appendTable(text, name, edits);
  const after = parsed(result);
  return typeof after !== 'string' &&
    isDeepStrictEqual(plain(after), plain(wanted(before, name, edits)))
    ? { text: result }
    : { problem: `its table of “${name}” is written in a way that cannot be changed line by line` };
}

/** Dates and prototypes of the parser aside. */
const plain = (data: Table): unknown => JSON.parse(JSON.stringify(data));
