import { z } from 'zod';
import type { FileRow } from '../store/file-store';
import type { HomeRule } from './home-rule';
import { nameProblem } from './name-problem';

const lineSchema = z.object({
  path: z.string(),
  bytes: z.number().int().nonnegative(),
  isNew: z.boolean(),
  problem: z.string().nullable()
});

/** A file as the host told it. */
export type ListedFile = z.infer<typeof lineSchema>;

/** Read a line of `files.jsonl`; null: no worker writes such a line. */
export function parseListLine(line: string): ListedFile | null {
  try {
    const result = lineSchema.safeParse(JSON.parse(line));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}

/** Each byte that is no text, as Python writes it: `\xff`. */
function shown(path: string): string {
  return path.replace(/\p{Cs}/gu, unit => {
    const code = unit.charCodeAt(0);
    return code >= 0xdc80 && code <= 0xdcff
      ? `\\x${(code - 0xdc00).toString(16)}`
      : `\\u${code.toString(16)}`;
  });
}

/** What is stored of a file that a host told: nothing of it is taken on trust. */
export function toRow(file: ListedFile, rule: HomeRule, levels: number): FileRow {
  const problem = file.problem ?? nameProblem(file.path, levels);
  const { kind, rank, reason } = rule.rankOf(shown(file.path));
  return {
    path: shown(file.path),
    bytes: file.bytes,
    kind,
    isNew: file.isNew,
    state: problem === null ? 'there' : 'refused',
    rank: problem === null ? rank : null,
    localPath: null,
    reason: problem ?? reason,
    sha256: null,
    into: null
  };
}
