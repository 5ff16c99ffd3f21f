import { dirname, resolve } from 'node:path';
import { SluiceError } from '../../shared/errors';
import type { Resources } from '../../shared/wire/resources';
import type { SubmitInput } from '../../shared/wire/submit';
import type { Task } from '../../shared/wire/task';
import { type CommandContext, print } from '../command-context';
import type { Choice } from '../input-options';
import { phaseLine } from '../print/task-text';

export type ScriptRun = {
  target: string;
  file: string;
  arguments: string[];
  resources: Resources;
  /** Data files that travel, or stay. */
  files: Choice;
  /** What of its files comes home by itself. */
  fetch: { include: string[]; none: boolean };
};

function buildRequest(context: CommandContext, run: ScriptRun): SubmitInput {
  const path = resolve(context.cwd, run.file);
  return {
    requestId: context.newRequestId(),
    target: run.target,
    resources: run.resources,
    payload: { kind: 'script', path, arguments: run.arguments },
    origin: null,
    projectDir: dirname(path),
    capture: null,
    files: run.files,
    fetch: run.fetch
  };
}

/** Hand a script over. */
export async function submitScript(context: CommandContext, run: ScriptRun): Promise<Task> {
  const request = buildRequest(context, run);
  return context.access.ask(client => client.submit(request));
}

/**
 * A terminal is left before a login could ask on it, so the login comes first. What else is wrong with
 * the target, the task will say.
 */
async function logInFirst(
  { access, terminal, cwd }: CommandContext,
  { target, file }: ScriptRun
): Promise<void> {
  if (terminal === null) {
    return;
  }
  const projectDir = dirname(resolve(cwd, file));
  try {
    await access.ask(client => client.login(target, { projectDir }));
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code === 'login-canceled') {
      throw error;
    }
  }
}

/** Hand a script over and leave it to itself. */
export async function submit(context: CommandContext, run: ScriptRun): Promise<number> {
  await logInFirst(context, run);
  const task = await submitScript(context, run);
  print(context, task, body => `${body.id}  ${phaseLine(body)}\n`);
  return 0;
}
