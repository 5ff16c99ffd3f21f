import { Clipboard } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Prompt } from '../../shared/wire/prompt';
import { makeElement } from '../make-element';
import { asksForCode, fieldLabel, promptIntro, promptPromise } from './prompt-words';

/** One question as nodes. What is typed leaves the page with `read` or `wipe`. */
export class PromptForm {
  readonly node = makeElement('div', 'sluice-Login-question');

  constructor(
    private readonly _prompt: Prompt,
    private readonly _trans: TranslationBundle
  ) {
    this.node.append(makeElement('p', 'sluice-Login-intro', promptIntro(_prompt, _trans)));
    if (_prompt.text.trim() !== '') {
      this.node.append(this._serversWords());
    }
    if (_prompt.hostKey) {
      this.node.append(...this._hostKey(_prompt.hostKey));
    }
    this.node.append(..._prompt.fields.map(field => this._field(field)));
    if (_prompt.fields.length > 0) {
      this.node.append(makeElement('p', 'sluice-Login-aside', promptPromise(_prompt, _trans)));
    }
  }

  /** The first field; null: a yes is enough. */
  get first(): HTMLInputElement | null {
    return this._inputs[0] ?? null;
  }

  /** What was typed, once. */
  read(): string[] {
    const answers = this._inputs.map(({ value }) => value);
    this.wipe();
    return answers;
  }

  /** Forget what was typed. */
  wipe(): void {
    for (const input of this._inputs) {
      input.value = '';
    }
  }

  /** While the answers are on their way nothing can be typed. */
  setSending(isSending: boolean): void {
    for (const input of this._inputs) {
      input.readOnly = isSending;
    }
  }

  private _serversWords(): HTMLElement {
    const figure = makeElement('figure', 'sluice-Login-words');
    const says = this._trans.__('%1 says:', this._prompt.host);
    const words = makeElement('pre', '', this._prompt.text.trim());
    words.tabIndex = 0;
    words.setAttribute('aria-label', says);
    figure.append(makeElement('figcaption', '', says), words);
    return figure;
  }

  private _field({ label, secret }: Prompt['fields'][number]): HTMLElement {
    const node = makeElement('label', 'sluice-Login-field');
    const input = makeElement('input', 'jp-mod-styled');
    input.type = secret ? 'password' : 'text';
    input.autocomplete = asksForCode(label) ? 'one-time-code' : 'off';
    input.spellcheck = false;
    input.setAttribute('autocapitalize', 'off');
    node.append(makeElement('span', '', fieldLabel(label, this._trans)), input);
    this._inputs.push(input);
    return node;
  }

  private _hostKey({
    algorithm,
    fingerprint,
    knownHosts
  }: NonNullable<Prompt['hostKey']>): HTMLElement[] {
    const trans = this._trans;
    const key = makeElement('div', 'sluice-Login-key');
    const code = makeElement('code', '', fingerprint);
    const copy = makeElement('button', 'sluice-Button', trans.__('Copy'));
    const copied = makeElement('span', '');
    copy.type = 'button';
    copy.setAttribute('aria-label', trans.__('Copy the fingerprint'));
    copied.setAttribute('role', 'status');
    copy.addEventListener('click', () => {
      Clipboard.copyToSystem(fingerprint);
      copied.textContent = trans.__('Copied.');
    });
    key.append(makeElement('span', 'sluice-Login-algorithm', algorithm), code, copy, copied);
    const compare = trans.__(
      'Compare it with the fingerprint that your site publishes, on its web pages or through its help desk. If they differ, do not connect: somebody may sit in between.'
    );
    const stored = trans.__('Once accepted it is stored in %1, as ssh does.', knownHosts);
    return [key, makeElement('p', '', compare), makeElement('p', 'sluice-Login-aside', stored)];
  }

  private readonly _inputs: HTMLInputElement[] = [];
}
