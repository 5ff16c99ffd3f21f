import { showErrorMessage } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { choose } from '../ask/choose';
import { freshTargets } from '../tasks/fresh-targets';
import type { ITaskStore } from '../tasks/task-store';
import { connectionWords } from '../words/connection-words';

/** Ask at which target to log in; null: at none. */
export async function askLoginTarget(
  store: ITaskStore,
  projectDir: string | null,
  trans: TranslationBundle
): Promise<string | null> {
  const known = await freshTargets(store, projectDir, trans);
  if (!known) {
    return null;
  }
  const targets = known.targets.filter(({ host }) => host !== null);
  if (targets.length === 0) {
    const hint = trans.__(
      '“Check a target…” finds the hosts of your SSH configuration and adds one.'
    );
    await showErrorMessage(trans.__('No target is on another machine'), hint);
    return null;
  }
  return choose({
    title: trans.__('Log in to a cluster'),
    words: trans.__('The host asks for what it needs.'),
    options: targets.map(({ name, host, connection }) => ({
      value: name,
      label: [host === name ? name : `${name} (${host})`, connectionWords(connection, trans)]
        .filter(part => part !== '')
        .join(' · ')
    })),
    accept: trans.__('Log in'),
    cancel: trans.__('Cancel')
  });
}
