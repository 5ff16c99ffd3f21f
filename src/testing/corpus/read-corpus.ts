import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CorpusCase } from './corpus-case';
import { parseCase } from './parse-case';

/** Every case below a folder, in the order of the names. */
export function readCorpus(folder: string): CorpusCase[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.txt') && path.includes('/'))
    .sort()
    .map(path => parseCase(path.replace(/\.txt$/, ''), readFileSync(join(folder, path), 'utf8')));
}

/** Cases that do not hold yet, each with the reason: lines of `area/name: reason`. */
export function readPending(file: string): Map<string, string> {
  const lines = readFileSync(file, 'utf8').split('\n');
  return new Map(
    lines
      .filter(line => line.trim() !== '' && !line.startsWith('#'))
      .map(line => /^(\S+): *(.+)$/.exec(line))
      .map(match => [match?.[1] ?? '', match?.[2] ?? ''])
  );
}
