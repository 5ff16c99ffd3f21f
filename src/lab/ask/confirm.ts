import { Dialog, showDialog } from '@jupyterlab/apputils';

export type Confirmation = { title: string; body: string; accept: string; cancel: string };

/** Ask whether to do what cannot be undone; the way back is in focus. */
export async function confirm({ title, body, accept, cancel }: Confirmation): Promise<boolean> {
  const { button } = await showDialog({
    title,
    body,
    buttons: [Dialog.cancelButton({ label: cancel }), Dialog.warnButton({ label: accept })],
    defaultButton: 0
  });
  return button.accept;
}
