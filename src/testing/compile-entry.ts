import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { transformSync } from '@swc/core';

const RELATIVE = /\brequire\("(\.[^"]+)"\)/g;

/**
 * Compile a module with all that it reaches by relative imports into a folder; the path of the compiled
 * module, for a process of its own. Packages are found where `NODE_PATH` says.
 */
export function compileEntry(entry: string, folder: string): string {
  const root = resolve(__dirname, '..');
  const placeOf = (path: string): string =>
    join(folder, relative(root, path).replace(/\.ts$/, '.js'));
  const waiting = [entry];
  const seen = new Set<string>(waiting);
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const { code } = transformSync(readFileSync(path, 'utf8'), {
      filename: path,
      jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
      module: { type: 'commonjs' }
    });
    mkdirSync(dirname(placeOf(path)), { recursive: true });
    writeFileSync(placeOf(path), code);
    for (const [, name = ''] of code.matchAll(RELATIVE)) {
      const found = resolve(dirname(path), `${name}.ts`);
      if (existsSync(found) && !seen.has(found)) {
        seen.add(found);
        waiting.push(found);
      }
    }
  }
  return placeOf(entry);
}
