import { showErrorMessage } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Targets } from '../../shared/wire/service';
import { askProjectConsent, withConsent } from '../ask/project-consent';
import { type ITaskStore, toProblem } from './task-store';

/** The targets as they are now, with those of the project in a folder; null when they cannot be had, which the person is told. */
export async function freshTargets(
  store: ITaskStore,
  projectDir: string | null,
  trans: TranslationBundle
): Promise<Targets | null> {
  try {
    const ask = askProjectConsent(trans);
    return await withConsent(
      consent => store.consent(consent),
      ask,
      () => store.targetsFor(projectDir)
    );
  } catch (error) {
    const { message, hint } = toProblem(error);
    await showErrorMessage(trans.__('The targets are not known'), `${message} ${hint}`);
    return null;
  }
}
