import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BenchError } from './bench-error.ts';
import type { Benchmark, BenchOptions } from './benchmark.ts';
import { capture } from './capture/index.ts';
import { parseCommandLine, renderUsage } from './command-line.ts';
import { here } from './here/here.ts';
import { InterruptedError, stopOnSignals } from './interruption.ts';
import { describeMachine, readLoad } from './measure/machine.ts';
import { renderSection } from './measure/render-section.ts';
import { page } from './page/page.ts';
import { road } from './road/road.ts';
import { say } from './say.ts';
import { service } from './service/service.ts';
import { sync } from './sync/sync.ts';
import { tasks } from './tasks/tasks.ts';

const BENCHMARKS: readonly Benchmark[] = [road, here, service, page, capture, sync, tasks];

async function main(argv: readonly string[]): Promise<number> {
  const { names, isHelp, options } = parseCommandLine(argv, BENCHMARKS);
  if (isHelp) {
    process.stdout.write(renderUsage(BENCHMARKS));
    return 0;
  }
  let status = 0;
  const texts: string[] = [];
  for (const benchmark of BENCHMARKS.filter(({ name }) => names.includes(name))) {
    try {
      texts.push(await runBenchmark(benchmark, options));
    } catch (error) {
      if (error instanceof InterruptedError) {
        throw error;
      }
      // The others are still worth their time; the status tells that one is missing.
      status = 1;
      texts.push(`### ${benchmark.name}\n\nCould not be measured: ${wordsOf(error)}\n`);
    }
  }
  process.stdout.write(`\n${describeMachine()}\n\n${texts.join('\n')}`);
  return status;
}

/** Runs one benchmark in a directory of its own and gives its tables as text. */
async function runBenchmark(benchmark: Benchmark, options: BenchOptions): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  const loadBefore = readLoad();
  say(`${benchmark.name} ...`);
  try {
    const sections = await benchmark.run(options, scratch);
    const load = `Load of the machine: ${loadBefore.toFixed(1)} before, ${readLoad().toFixed(1)} after.`;
    return sections
      .map(section => renderSection({ ...section, notes: [...section.notes, load] }))
      .join('\n');
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof BenchError) {
    return error.message;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

stopOnSignals();
main(process.argv.slice(2)).then(
  status => {
    process.exitCode = status;
  },
  (error: unknown) => {
    say(wordsOf(error));
    // What was stopped in the middle may wait for something that never comes.
    process.exit(error instanceof BenchError ? error.exitCode : 1);
  }
);
