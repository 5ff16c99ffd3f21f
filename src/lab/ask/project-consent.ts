import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { SluiceError } from '../../shared/errors';
import type { Consent } from '../../shared/wire/decide';
import { makeElement } from '../make-element';

/** What a project file asks for that only the person may allow. */
export type ProjectAsk = Consent & { keys: string };

/** Asks whether to allow it. */
export type AskConsent = (asked: ProjectAsk) => Promise<boolean>;

/**
 * Do what may fail since a project file waits for the person's word: ask for it, pass it on, and do it
 * again. Where the person does not allow it, the error is that of the service.
 */
export async function withConsent<Answer>(
  consent: (consent: Consent) => Promise<void>,
  ask: AskConsent,
  action: () => Promise<Answer>
): Promise<Answer> {
  const allowed = new Set<string>();
  for (;;) {
    try {
      return await action();
    } catch (error) {
      const asked = projectAsk(error);
      // One that still asks after it was allowed would ask for ever.
      if (!asked || allowed.has(asked.sha256) || !(await ask(asked))) {
        throw error;
      }
      allowed.add(asked.sha256);
      await consent({ path: asked.path, sha256: asked.sha256 });
    }
  }
}

function projectAsk(error: unknown): ProjectAsk | null {
  if (!(error instanceof SluiceError) || error.code !== 'project-consent') {
    return null;
  }
  const { path, keys, sha256 } = error.details;
  return typeof path === 'string' && typeof sha256 === 'string'
    ? { path, sha256, keys: String(keys ?? '') }
    : null;
}

/** The question as a dialog. */
export function askProjectConsent(trans: TranslationBundle): AskConsent {
  return async asked => {
    const { button } = await showDialog({
      title: trans.__('Allow what this project’s file sets?'),
      body: new ProjectBody(asked, trans),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Do not allow') }),
        Dialog.warnButton({ label: trans.__('Allow') })
      ],
      defaultButton: 0
    });
    return button.accept;
  };
}

/** The file, and what in it needs the person's word. */
export class ProjectBody extends Widget {
  constructor({ path, keys }: ProjectAsk, trans: TranslationBundle) {
    super();
    this.addClass('sluice-Choice');
    const list = makeElement('ul', 'sluice-Choice-list');
    list.append(
      ...keys
        .split(/,\s*/)
        .filter(key => key !== '')
        .map(key => {
          const item = makeElement('li', '');
          item.append(makeElement('code', '', key));
          return item;
        })
    );
    this.node.append(
      makeElement(
        'p',
        '',
        trans.__('This file decides where your cells run and which commands run there. It sets:')
      ),
      list,
      makeElement('p', '', trans.__('Read it before you allow it:')),
      makeElement('pre', '', path),
      makeElement('p', '', trans.__('When the file changes, Sluice asks again.'))
    );
  }
}
