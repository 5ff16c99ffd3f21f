import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Modules of one sub-package: they import each other in a row. */
const IN_GROUP = 10;
const FUNCTIONS = 8;

/** Make a project of so many local modules below a folder; gives how many files it has. */
export async function makeScanProject(root: string, modules: number): Promise<number> {
  const files = new Map<string, string>();
  const groups = Math.ceil(modules / IN_GROUP);
  for (let group = 0; group < groups; group += 1) {
    const size = Math.min(IN_GROUP, modules - group * IN_GROUP);
    for (let part = 0; part < size; part += 1) {
      const next = part + 1 < size ? part + 1 : null;
      const text = importsOf(group, part, next, groups) + functionsOf(part);
      files.set(`app/group${group}/part${part}.py`, text);
    }
    files.set(
      `app/group${group}/__init__.py`,
      "from .part0 import work0_0, work0_1\n\n__all__ = ['work0_0', 'work0_1']\n"
    );
  }
  files.set('app/__init__.py', 'from .group0 import work0_0\n');
  files.set('main.py', mainSource(groups));
  for (const [path, text] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return files.size;
}

/** Relative and absolute imports take turns; each third group ends a chain. */
function importsOf(group: number, part: number, next: number | null, groups: number): string {
  const lines = ['import json, math, os', 'import collections.abc'];
  if (next !== null) {
    lines.push(
      part % 2 === 0
        ? `from .part${next} import work${next}_0 as following`
        : `from app.group${group} import part${next}`
    );
  } else if (group + 1 < groups && group % 3 !== 2) {
    lines.push(`from ..group${group + 1} import part0`);
    lines.push(`import app.group${group + 1}.part0 as once_more`);
  }
  return `${lines.join('\n')}\n`;
}

function functionsOf(part: number): string {
  return Array.from(
    { length: FUNCTIONS },
    (_, index) => `

def work${part}_${index}(count, base=${index}):
    '''Do some of the work.'''
    found = [count * step + base for step in range(10)]
    return sum(found) / (len(found) or 1)
`
  ).join('');
}

function mainSource(groups: number): string {
  const lines = ['import app'];
  for (let group = 0; group < groups; group += 3) {
    lines.push(`import app.group${group}.part0 as start${group}`);
  }
  lines.push('from app.group0 import part0', '', '', 'def entry(count):');
  return `${lines.join('\n')}\n    return part0.work0_0(count)\n`;
}
