import { execFile } from 'node:child_process';

import { TestbedError } from './testbed-error.ts';

/** What a command that came to its end left behind. */
export type CommandResult = { status: number; stdout: string; stderr: string };

/** Environment, working directory and deadline of one command. */
export type CommandOptions = {
  env?: NodeJS.ProcessEnv;
  timeoutMs?: number;
};

/** The status of a command that was ended because it took too long, as timeout(1) has it. */
const TOOK_TOO_LONG = 124;

/** Runs a command to its end or its deadline; a status other than 0 is an answer, no error. */
export function runCommand(
  file: string,
  args: readonly string[],
  { env = process.env, timeoutMs = 10_000 }: CommandOptions = {}
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const options = { env, timeout: timeoutMs, killSignal: 'SIGKILL' as const, cwd: '/' };
    execFile(file, [...args], options, (error, stdout, stderr) => {
      if (error === null) {
        resolve({ status: 0, stdout, stderr });
      } else if (typeof error.code === 'number') {
        resolve({ status: error.code, stdout, stderr });
      } else if (error.killed) {
        const why = `${stderr}no answer within ${timeoutMs / 1000} s`;
        resolve({ status: TOOK_TOO_LONG, stdout, stderr: why });
      } else {
        reject(new TestbedError(`${file} ${args.join(' ')}: ${error.message}`, 1, error));
      }
    });
  });
}

/** Like `runCommand`, for commands whose failure is a fault: returns what it printed. */
export async function runChecked(
  file: string,
  args: readonly string[],
  options: CommandOptions = {}
): Promise<string> {
  const { status, stdout, stderr } = await runCommand(file, args, options);
  if (status !== 0) {
    const words = (stderr || stdout).trim();
    throw new TestbedError(`${file} ${args.join(' ')} failed with status ${status}: ${words}`);
  }
  return stdout;
}
