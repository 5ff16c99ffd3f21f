import { showErrorMessage } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Targets } from '../../shared/wire/service';
import type { ITaskStore } from './task-store';

/** The targets as they are now; null when they cannot be had, which the person is told. */
export async function freshTargets(
  store: ITaskStore,
  trans: TranslationBundle
): Promise<Targets | null> {
  await store.refresh();
  if (store.state.kind === 'failed') {
    const { message, hint } = store.state.problem;
    await showErrorMessage(trans.__('The targets are not known'), `${message} ${hint}`);
    return null;
  }
  return store.targets;
}
