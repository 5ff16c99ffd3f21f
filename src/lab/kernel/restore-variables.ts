import type { ISessionContext } from '@jupyterlab/apputils';
import type { JSONObject } from '@lumino/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { HomeVariable, Task } from '../../shared/wire/task';
import type { IClock } from '../clock';
import type { ISluiceService } from '../service';
import { toProblem } from '../tasks/task-store';
import { askKernel } from './ask-kernel';
import { checkKernel } from './check-kernel';

type Restored = { name: string; bound_as: string | null; type: string; error: string | null };

/**
 * Bind what came home in the kernel that sent the cell, and handles of what stayed there whole; say in
 * sentences what a person should know: names that were kept, values that could not be loaded. What
 * stayed on the cluster otherwise is no surprise (every figure does); the panel lists it.
 */
export async function restoreVariables(
  service: ISluiceService,
  session: ISessionContext | null,
  task: Task,
  clock: IClock,
  trans: TranslationBundle
): Promise<readonly string[]> {
  const variables = task.variables.filter(
    ({ reason, kept, from }) => reason === null || (kept === 'large' && from !== undefined)
  );
  if (variables.length === 0) {
    return [];
  }
  if (!session || session.session?.kernel?.id !== task.origin?.kernelId) {
    const names = namesOf(variables.filter(({ reason }) => reason === null));
    return names === ''
      ? []
      : [trans.__('The kernel that sent this cell is gone; not loaded: %1.', names)];
  }
  return bindVariables(service, session, task, variables, clock, trans);
}

/** Bind these values of a task in a kernel, whichever it is; sentences as above. */
export async function bindVariables(
  service: Pick<ISluiceService, 'captureKit'>,
  session: ISessionContext,
  task: Pick<Task, 'sourceSha256'>,
  variables: readonly HomeVariable[],
  clock: IClock,
  trans: TranslationBundle
): Promise<readonly string[]> {
  try {
    const kernel = await checkKernel(session, clock);
    const { snippet } = await service.captureKit();
    const args = { variables, bound: task.sourceSha256 } as unknown as JSONObject;
    const answer = await askKernel(kernel, { snippet, name: 'restore', args }, clock);
    return noteRestored(answer as readonly Restored[], trans);
  } catch (error) {
    const { message } = toProblem(error);
    const names = namesOf(variables);
    return [trans.__('The values could not be loaded into the kernel (%1): %2', names, message)];
  }
}

function namesOf(variables: readonly HomeVariable[]): string {
  return variables.map(({ name }) => name).join(', ');
}

function noteRestored(restored: readonly Restored[], trans: TranslationBundle): string[] {
  const notes: string[] = [];
  for (const { name, bound_as: boundAs, error } of restored) {
    if (error !== null) {
      notes.push(trans.__('“%1” could not be loaded into the kernel: %2.', name, error));
    } else if (boundAs !== null && boundAs !== name) {
      notes.push(
        trans.__('“%1” was changed here meanwhile; the value from the job is “%2”.', name, boundAs)
      );
    }
  }
  return notes;
}
