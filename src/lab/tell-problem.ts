import { showErrorMessage } from '@jupyterlab/apputils';
import type { Problem } from '../shared/errors';

/** Tell a person what could not be done, and what to do about it. */
export async function tellProblem(title: string, { message, hint }: Problem): Promise<void> {
  await showErrorMessage(title, `${message} ${hint}`);
}
