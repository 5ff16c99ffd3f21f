import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { at } from './checkout.mjs';

const skipped = new Set(['__tests__', '__pycache__', 'node_modules']);

function filesBelow(path) {
  const stats = statSync(at(path), { throwIfNoEntry: false });
  if (!stats) {
    return [];
  }
  if (!stats.isDirectory()) {
    return [path];
  }
  const names = readdirSync(at(path)).filter(name => !skipped.has(name));
  return names.sort().flatMap(name => filesBelow(join(path, name)));
}

/** One hash of the named files and folders (with their paths) and of some extra text. */
export function digest(inputs, extra = '') {
  const hash = createHash('sha256').update(extra);
  for (const path of inputs.flatMap(filesBelow)) {
    const bytes = readFileSync(at(path));
    hash.update(`\0${path}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}
