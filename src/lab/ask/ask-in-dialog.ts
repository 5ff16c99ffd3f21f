import { Dialog, showDialog } from '@jupyterlab/apputils';

type DialogWords = { title: string; accept: string; cancel: string };

/** Ask a person with a body of inputs, one of them in focus; null: they went no further. */
export async function askInDialog<Value>(
  { title, accept, cancel }: DialogWords,
  body: Dialog.IBodyWidget<Value>,
  focusNodeSelector = 'input:checked'
): Promise<Value | null> {
  const { button, value } = await showDialog<Value>({
    title,
    body,
    buttons: [Dialog.cancelButton({ label: cancel }), Dialog.okButton({ label: accept })],
    focusNodeSelector
  });
  return button.accept ? value : null;
}
