import { parseCommandLine, renderUsage, type CommandLine } from './command-line.ts';
import { down } from './down.ts';
import { findPart, partsOf } from './parts.ts';
import { reportToStderr } from './report.ts';
import { environmentOf, renderExports } from './sluice-config.ts';
import { readStatus, renderStatus } from './status.ts';
import { defaultDirectory, openTestbed } from './testbed.ts';
import { TestbedError } from './testbed-error.ts';
import { up } from './up.ts';

async function main(argv: readonly string[]): Promise<number> {
  const line = parseCommandLine(argv);
  switch (line.command) {
    case 'up':
      return runUp(line);
    case 'down':
      await down(line.dir ?? defaultDirectory(), { remove: line.remove });
      return 0;
    case 'status':
      return printStatus(line);
    case 'env':
      return printEnvironment(line);
    case 'help':
      process.stdout.write(renderUsage());
      return 0;
  }
}

async function runUp(line: CommandLine): Promise<number> {
  const startMs = performance.now();
  const { testbed, started } = await up(line);
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  const what = started.length === 0 ? 'was up already' : `is up after ${seconds} s`;
  reportToStderr(`The testbed in ${testbed.layout.dir} ${what}.`);
  return 0;
}

async function printStatus(line: CommandLine): Promise<number> {
  const testbed = await openTestbed(line.dir ?? defaultDirectory());
  const rows = await readStatus(testbed);
  process.stdout.write(renderStatus(testbed.layout.dir, rows));
  return rows.every(row => row.isUp) ? 0 : 1;
}

async function printEnvironment(line: CommandLine): Promise<number> {
  const testbed = await openTestbed(line.dir ?? defaultDirectory());
  process.stdout.write(renderExports(environmentOf(testbed.layout)));
  const found = await Promise.all(partsOf(testbed).map(findPart));
  if (found.includes(undefined)) {
    reportToStderr('This testbed is not up. See "npm run testbed -- status".');
  }
  return 0;
}

main(process.argv.slice(2)).then(
  status => {
    process.exitCode = status;
  },
  (error: unknown) => {
    const isExpected = error instanceof TestbedError;
    const words = error instanceof Error ? (isExpected ? error.message : error.stack) : error;
    reportToStderr(String(words));
    process.exitCode = isExpected ? error.exitCode : 1;
  }
);
