import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';

import { checkMachine } from './check-machine.ts';
import { withDirectoryLock } from './directory-lock.ts';
import { endTestbed } from './end-testbed.ts';
import { checkKnobs } from './knobs.ts';
import { layoutOf } from './layout.ts';
import { checkLogin } from './check-login.ts';
import { findPart, partsOf, type Part } from './parts.ts';
import { checkNewDirectory, prepareRecord, type Wishes } from './prepare-record.ts';
import { signalProcess } from './processes.ts';
import { realDirectory } from './real-directory.ts';
import { reportToStderr, type Report } from './report.ts';
import { startPart } from './start-part.ts';
import { checkOwner, defaultDirectory, type Testbed } from './testbed.ts';
import { readRecord, writeRecord, type TestbedRecord } from './testbed-record.ts';
import { waitForNodes } from './wait-for-nodes.ts';
import { CHECKOUT_PYTHON, doFilesDiffer, renderDaemonFiles, writeFiles } from './write-files.ts';

/** How a testbed shall be; what is left out stays as it was, or takes its default. */
export type UpOptions = {
  dir?: string | undefined;
  nodeCount?: number | undefined;
  knobs?: Record<string, string> | undefined;
  report?: Report | undefined;
};

/** A testbed that is up, and which daemons had to be started for that. */
export type UpResult = { testbed: Testbed; started: string[] };

/** Brings a testbed up, or what is missing of it; one that is up already is left alone. */
export async function up(options: UpOptions = {}): Promise<UpResult> {
  checkMachine();
  const wishes = { nodeCount: options.nodeCount, knobs: checkKnobs(options.knobs ?? {}) };
  const dir = await realDirectory(options.dir ?? defaultDirectory());
  return withDirectoryLock(dir, () => upLocked(dir, wishes, options.report ?? reportToStderr));
}

async function upLocked(dir: string, wishes: Wishes, report: Report): Promise<UpResult> {
  const testbed = await prepare(dir, wishes, report);
  const missing = await findMissing(testbed);
  await wakeStopped(testbed);
  await startInStages(testbed, missing, report);
  const started = missing.map(part => part.name);
  await Promise.all([
    waitForNodes(testbed, report),
    started.includes('sshd') ? checkLogin(testbed.layout) : undefined
  ]);
  reportPython(report);
  return { testbed, started };
}

/** Settles the settings and writes them down, after an end to daemons that run with others. */
async function prepare(dir: string, wishes: Wishes, report: Report): Promise<Testbed> {
  const former = await readFormer(dir);
  const running = former ? await findRunningNames(former) : [];
  const record = await prepareRecord(dir, former?.record, wishes, running);
  const testbed = { record, layout: layoutOf(dir, record.runtimeDir) };
  await mkdir(dir, { recursive: true, mode: 0o700 });
  if (former === undefined) {
    // Before anything else, so that what a break leaves behind is known as a testbed.
    await writeRecord(dir, record);
  }
  const files = await renderDaemonFiles(testbed);
  if (former && running.length > 0 && (await doFilesDiffer(files))) {
    report('Settings or ports changed: ending the daemons that run with the former ones.');
    await endTestbed(former, report);
  }
  await writeFiles(testbed, files);
  await writeRecord(dir, record);
  return testbed;
}

async function readFormer(dir: string): Promise<Testbed | undefined> {
  const record: TestbedRecord | undefined = await readRecord(dir);
  if (record === undefined) {
    await checkNewDirectory(dir);
    return undefined;
  }
  checkOwner(dir, record);
  return { record, layout: layoutOf(dir, record.runtimeDir) };
}

async function findRunningNames(testbed: Testbed): Promise<string[]> {
  const missing = await findMissing(testbed);
  return partsOf(testbed)
    .filter(part => !missing.some(each => each.name === part.name))
    .map(part => part.name);
}

async function findMissing(testbed: Testbed): Promise<Part[]> {
  const parts = partsOf(testbed);
  const found = await Promise.all(parts.map(findPart));
  return parts.filter((_, index) => found[index] === undefined);
}

/** A daemon that a test stopped by signal counts as there and would answer nobody. */
async function wakeStopped(testbed: Testbed): Promise<void> {
  const found = await Promise.all(partsOf(testbed).map(findPart));
  const stopped = found.filter(each => each !== undefined).filter(each => each.state === 'T');
  await Promise.all(stopped.map(each => signalProcess(each, 'SIGCONT')));
}

async function startInStages(
  { layout }: Testbed,
  missing: readonly Part[],
  report: Report
): Promise<void> {
  const stages = [...new Set(missing.map(part => part.stage))].sort((a, b) => a - b);
  for (const stage of stages) {
    const parts = missing.filter(part => part.stage === stage);
    report(`Starting ${parts.map(part => part.name).join(', ')}`);
    await Promise.all(parts.map(part => startPart(layout, part)));
  }
}

function reportPython(report: Report): void {
  if (!existsSync(CHECKOUT_PYTHON)) {
    report(`Jobs will use ${CHECKOUT_PYTHON}, which is not there yet.`);
  }
}
