import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

/** Ask before a cell runs on a machine that is there for logging in and belongs to everybody. */
export async function askRehearsalConsent(trans: TranslationBundle): Promise<boolean> {
  const { button } = await showDialog({
    title: trans.__('Rehearse on this login node?'),
    body: trans.__(
      'This looks like a cluster’s login node, which everybody shares. A rehearsal runs the cell here, with its whole work, until it ends or its time is up. “Rehearse on the cluster” runs it in a job instead.'
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Do not run it here') }),
      Dialog.warnButton({ label: trans.__('Rehearse here') })
    ]
  });
  return button.accept;
}
