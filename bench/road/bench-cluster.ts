import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { down, readEnvironment, up } from '../../testbed/control.ts';
import { BenchError } from '../bench-error.ts';
import { say } from '../say.ts';

/** A testbed of a benchmark's own. */
export type BenchCluster = {
  dir: string;
  /** Makes Sluice and Slurm's commands use it. */
  environment: Record<string, string>;
  sshConfig: string;
  python: string;
  /** Where each job leaves its start time, in a file named by its id. */
  stampDir: string;
  end: () => Promise<void>;
};

/** The shell line by which a job says when it started, whoever made the job. */
export const stampLine = (stampDir: string): string => `date +%s.%N >'${stampDir}/'"$SLURM_JOB_ID"`;

/** Brings a testbed up; `schedulerParameters` as the testbed's knob has it. */
export async function startCluster(
  dir: string,
  schedulerParameters: string
): Promise<BenchCluster> {
  const stampDir = join(dir, 'stamps');
  const end = (): Promise<void> => down(dir, { remove: true, report: say });
  try {
    await up({ dir, knobs: { schedulerParameters }, report: say });
    await mkdir(stampDir, { recursive: true });
    const environment = await readEnvironment(dir);
    const config = await addSetupLine(environment['SLUICE_CONFIG'] ?? '', stampLine(stampDir));
    const [, python] = /^python = "(.*)"$/m.exec(config) ?? [];
    const [, sshConfig] = /^ssh_config = "(.*)"$/m.exec(config) ?? [];
    if (python === undefined || sshConfig === undefined) {
      throw new BenchError("The testbed's configuration names no python or no ssh_config.");
    }
    return { dir, environment, sshConfig, python, stampDir, end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** When the job's script began, in milliseconds of the time of day. */
export async function readStamp(stampDir: string, jobId: string): Promise<number> {
  return Number(await readFile(join(stampDir, jobId), 'utf8')) * 1000;
}

async function addSetupLine(path: string, line: string): Promise<string> {
  const text = await readFile(path, 'utf8');
  // A JSON string is a TOML basic string too.
  const setup = `setup = [${JSON.stringify(line)}]`;
  const config = text.replace('[targets.testbed]\n', `[targets.testbed]\n${setup}\n`);
  if (config === text) {
    throw new BenchError(`${path} has no target "testbed".`);
  }
  await writeFile(path, config);
  return config;
}
