import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DEADLINE_MS = 60_000;

export type BundleRun = {
  python: string;
  /** `<root>/worker/<version>`. */
  worker: string;
  /** `<root>/runs/<task>`, with its `spec.json`. */
  run: string;
  /** Stands for the distributions that the target has, too. */
  site: string;
  /** For what programs keep in a home. */
  home: string;
};

type Line =
  | { type: 'stream'; data: { name: string; text: string } }
  | { type: 'execute_result' | 'display_data'; data: { data: Record<string, string> } }
  | { type: 'error'; data: { ename: string; evalue: string } }
  | { type: 'finished' };

/** Run a bundle in a fresh process that knows nothing of here; all that the cell showed. */
export async function runBundle(bundle: BundleRun): Promise<string> {
  const child = spawn(bundle.python, ['-u', bundle.worker, bundle.run], {
    cwd: bundle.run,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: bundle.home,
      PYTHONPATH: bundle.site,
      SLUICE_JOB_ID: '1',
      MPLCONFIGDIR: join(bundle.home, 'matplotlib'),
      LANG: 'C.UTF-8'
    }
  });
  const words: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => words.push(chunk));
  const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
  const [status] = (await once(child, 'exit')) as [number | null];
  clearTimeout(timer);
  const file = join(bundle.run, 'attempts', '0', 'events.jsonl');
  if (status === null || !existsSync(file)) {
    const said = Buffer.concat(words).toString();
    throw new Error(`the worker gave up (${status ?? 'too slow'}): ${said}`);
  }
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map(shown).join('');
}

/** What a line of the worker shows to a person. */
function shown(text: string): string {
  const line = JSON.parse(text) as Line;
  switch (line.type) {
    case 'stream':
      return line.data.name === 'stdout' ? line.data.text : '';
    case 'execute_result':
    case 'display_data':
      return `${line.data.data['text/plain'] ?? ''}\n`;
    case 'error':
      return `${line.data.ename}: ${line.data.evalue}\n`;
    default:
      return '';
  }
}
