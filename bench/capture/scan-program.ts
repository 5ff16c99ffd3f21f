import { appendFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { nowMs } from '../measure/now-ms.ts';
import { summarise } from '../measure/summarise.ts';

const CHANGES = 5;

type Scanning = {
  followImports: (options: object) => Promise<{ modules: unknown[] }>;
  ScanMemory: new () => { fileTree(): object };
  warmUpCapture: () => Promise<unknown>;
};

/** Our scan in a process of its own: `argv` names the transpiled code and the project. */
async function main(code: string, root: string): Promise<void> {
  const require = createRequire(join(code, 'index.js'));
  const { followImports } = require('./capture/python/follow-imports.js') as Scanning;
  const { ScanMemory } = require('./service/sync/scan-memory.js') as Scanning;
  const { warmUpCapture } = require('./capture/python/warm-up.js') as Scanning;
  // As the service does when it has started.
  await warmUpCapture();
  const memory = new ScanMemory();
  const capture = {
    python: { version: '3.11.2', implementation: 'cpython' },
    cwd: root,
    sysPath: [root, '/usr/lib/python3.11', '/usr/lib/python3.11/lib-dynload'],
    installedRoots: ['/usr/lib/python3.11'],
    modules: []
  };
  const scan = async (): Promise<{ ms: number; modules: number }> => {
    const started = nowMs();
    const source = 'import main\nmain.entry(3)';
    const { modules } = await followImports({ source, capture, memory, files: memory.fileTree() });
    return { ms: nowMs() - started, modules: modules.length };
  };
  const cold = await scan();
  const warm: number[] = [];
  for (let change = 0; change < CHANGES; change += 1) {
    await appendFile(join(root, 'app/group0/part3.py'), `# changed ${Math.random()}\n`);
    warm.push((await scan()).ms);
  }
  const warmMs = summarise(warm).median;
  process.stdout.write(`${JSON.stringify({ coldMs: cold.ms, warmMs, found: cold.modules })}\n`);
}

const [code = '', root = ''] = process.argv.slice(2);
await main(code, root);
