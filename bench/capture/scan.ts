import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

import { BenchError } from '../bench-error.ts';
import type { Benchmark } from '../benchmark.ts';
import { planRounds } from '../measure/plan-rounds.ts';
import { ensurePeerEnvironment } from '../peers/peer-environment.ts';
import { makeScanProject } from './scan-project.ts';
import { type ScanRound, type ScanRounds, scanSection } from './scan-section.ts';
import { transpileCapture } from './transpile-capture.ts';

const run = promisify(execFile);

const SIZES = [50, 500, 5000];
const ROUNDS = 7;
/** The largest project takes SlurmRay some seconds. */
const LARGE = { modules: 5000, rounds: 3 };
const TIMEOUT_MS = 120_000;

/** A file that was just written is read again, lest it changed within its date. */
const SETTLED_MS = 2500;

const SLURMRAY = {
  name: 'bench-slurmray-scan',
  // Its scanner needs the standard library alone.
  packages: [['--no-deps', 'slurmray==9.11.2']],
  timeoutMs: 120_000
};

/** The search for a project's local modules, beside SlurmRay's. */
export const captureScan: Benchmark = {
  name: 'scan',
  about: "the search for local modules in projects of 50 to 5,000, beside SlurmRay's scanner",
  async run({ rounds }, scratch) {
    const python = await ensurePeerEnvironment(SLURMRAY);
    const code = join(scratch, 'code');
    await transpileCapture(code);
    let version = '';
    const projects: ScanRounds[] = [];
    for (const modules of SIZES) {
      const root = join(scratch, `project${modules}`);
      const files = await makeScanProject(root, modules);
      await setTimeout(SETTLED_MS);
      const count = rounds ?? (modules >= LARGE.modules ? LARGE.rounds : ROUNDS);
      const measured: ScanRound[] = [];
      for (const { order } of planRounds(['ours', 'slurmray'] as const, count, Math.random)) {
        let found = {};
        for (const way of order) {
          if (way === 'ours') {
            found = { ...found, ...(await scanOurs(code, root, files)) };
          } else {
            const scan = await scanSlurmray(python, root, files);
            version = scan.version;
            found = { ...found, slurmrayMs: scan.ms };
          }
        }
        measured.push(found as ScanRound);
      }
      projects.push({ modules, files, rounds: measured });
    }
    return [scanSection(projects, version)];
  }
};

async function scanOurs(
  code: string,
  root: string,
  files: number
): Promise<Pick<ScanRound, 'coldMs' | 'warmMs'>> {
  const program = join(import.meta.dirname, 'scan-program.ts');
  const { coldMs, warmMs, found } = await ask(process.execPath, [program, code, root]);
  // Its own `main` is a module of the cell.
  expectAll('Sluice', Number(found), files);
  return { coldMs: Number(coldMs), warmMs: Number(warmMs) };
}

async function scanSlurmray(
  python: string,
  root: string,
  files: number
): Promise<{ ms: number; version: string }> {
  const program = join(import.meta.dirname, 'slurmray_scan.py');
  const { seconds, found, version } = await ask(python, [program, root]);
  // It names folders of packages besides.
  expectAll('SlurmRay', Math.min(Number(found), files), files);
  return { ms: Number(seconds) * 1000, version: String(version) };
}

async function ask(command: string, words: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await run(command, words, { timeout: TIMEOUT_MS });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
}

function expectAll(who: string, found: number, files: number): void {
  if (found !== files) {
    throw new BenchError(`${who} found ${found} of ${files} modules`);
  }
}
