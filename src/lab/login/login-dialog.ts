import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import type { Prompt } from '../../shared/wire/prompt';
import type { IClock } from '../clock';
import { makeElement } from '../make-element';
import type { DeskView, LoginDesk } from './login-desk';
import { PromptForm } from './prompt-form';
import { countdownWords, promptTitle } from './prompt-words';

type LoginDialogOptions = { desk: LoginDesk; clock: IClock; trans: TranslationBundle };

const TITLE_ID = 'sluice-login-title';

/**
 * The dialog in which logins ask. It stays while round follows round, and closes by itself when the
 * desk has nothing more to show. It waits for its turn among JupyterLab's own dialogs.
 */
export class LoginDialog extends Dialog<null> {
  constructor(private readonly _login: LoginDialogOptions) {
    const body = new Widget();
    super({ title: '', body, buttons: [], hasClose: false });
    this.addClass('sluice-Login');
    this.node.setAttribute('aria-labelledby', TITLE_ID);
    this._title.id = TITLE_ID;
    this._state.setAttribute('role', 'status');
    // Read out once by the line below, not each second.
    this._countdown.setAttribute('role', 'timer');
    this._countdown.setAttribute('aria-live', 'off');
    this._last.setAttribute('role', 'status');
    body.node.append(
      this._title,
      this._content,
      this._state,
      this._countdown,
      this._last,
      this._actions
    );
    this._ticks = _login.clock.every(1000, () => this._tick());
    _login.desk.changed.connect(this._show, this);
    this._show();
  }

  override dispose(): void {
    this._form?.wipe();
    this._ticks.dispose();
    this._login.desk.changed.disconnect(this._show, this);
    super.dispose();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this._focusFirst();
  }

  protected override _evtKeydown(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      take(event);
      this._leave();
    } else if (event.key === 'Tab') {
      this._keepTab(event);
    } else if (
      event.key === 'Enter' &&
      !event.isComposing &&
      event.target instanceof HTMLInputElement
    ) {
      take(event);
      this._submit();
    }
  }

  protected override _evtFocus(event: FocusEvent): void {
    if (!this.node.contains(event.target as Node)) {
      event.stopPropagation();
      this._focusFirst();
    }
  }

  private _show(): void {
    const { view } = this._login.desk;
    switch (view?.kind) {
      case undefined:
        this._form?.wipe();
        this.reject();
        break;
      case 'prompt':
        this._showPrompt(view);
        break;
      case 'waiting':
        this._showWaiting(view);
        break;
    }
  }

  private _showPrompt(view: Extract<DeskView, { kind: 'prompt' }>): void {
    const { trans } = this._login;
    const { prompt, isSending, problem } = view;
    if (this._shownId !== prompt.id) {
      this._shownId = prompt.id;
      this._fill(prompt);
    }
    this._form?.setSending(isSending);
    this._actions.querySelectorAll('button').forEach(button => {
      button.setAttribute('aria-disabled', String(isSending));
    });
    const trouble = problem && `${problem.message} ${problem.hint}`;
    this._state.textContent = isSending ? trans.__('Sending…') : (trouble ?? '');
    this._state.dataset['kind'] = problem ? 'problem' : 'note';
    this._tick();
  }

  private _fill(prompt: Prompt): void {
    const { trans } = this._login;
    this._form?.wipe();
    this._form = new PromptForm(prompt, trans);
    this._title.textContent = promptTitle(prompt, trans);
    this._last.textContent = '';
    this._content.style.minHeight = '';
    this._content.replaceChildren(this._form.node);
    const isHostKey = prompt.kind === 'host-key';
    this._actions.replaceChildren(
      this._button(
        isHostKey ? trans.__('Do not connect') : trans.__('Do not log in'),
        'reject',
        () => this._leave()
      ),
      this._button(
        isHostKey ? trans.__('Accept and store') : trans.__('Log in'),
        isHostKey ? 'warn' : 'accept',
        () => this._submit()
      )
    );
    this._focusFirst();
  }

  private _showWaiting({ host }: Extract<DeskView, { kind: 'waiting' }>): void {
    const { trans } = this._login;
    this._form?.wipe();
    this._form = null;
    this._shownId = null;
    // The next round may come at once: the dialog keeps its size until then.
    this._content.style.minHeight = `${this._content.offsetHeight}px`;
    this._content.replaceChildren();
    this._countdown.textContent = '';
    this._last.textContent = '';
    this._state.dataset['kind'] = 'note';
    this._state.textContent = trans.__('Sent. %1 is checking it; it may ask your phone.', host);
    this._actions.replaceChildren(this._button(trans.__('Close'), 'reject', () => this._leave()));
    this._focusFirst();
  }

  private _submit(): void {
    const { desk } = this._login;
    if (desk.view?.kind === 'prompt' && !desk.view.isSending) {
      void desk.answer(this._form?.read() ?? []);
    }
  }

  private _leave(): void {
    const { desk } = this._login;
    if (desk.view?.kind === 'prompt') {
      this._form?.wipe();
      void desk.giveUp();
    } else {
      desk.hide();
    }
  }

  private _tick(): void {
    const { desk, clock, trans } = this._login;
    if (desk.view?.kind !== 'prompt') {
      return;
    }
    const words = countdownWords(desk.view.prompt, clock.now(), trans);
    this._countdown.textContent = words;
    if (words !== '' && this._last.textContent === '') {
      this._last.textContent = words;
    }
  }

  private _button(
    label: string,
    look: 'accept' | 'reject' | 'warn',
    onClick: () => void
  ): HTMLButtonElement {
    const button = makeElement('button', `jp-Dialog-button jp-mod-styled jp-mod-${look}`, label);
    button.type = 'button';
    button.addEventListener('click', onClick);
    return button;
  }

  /** The first field; without one the button that changes nothing. */
  private _focusFirst(): void {
    (this._form?.first ?? this._actions.querySelector('button'))?.focus();
  }

  private _keepTab(event: KeyboardEvent): void {
    const places = [
      ...this.node.querySelectorAll<HTMLElement>('input, button, [tabindex="0"]')
    ].filter(node => this._content.contains(node) || this._actions.contains(node));
    const [edge, other] = event.shiftKey ? [places[0], places.at(-1)] : [places.at(-1), places[0]];
    if (document.activeElement === edge) {
      take(event);
      other?.focus();
    }
  }

  private readonly _title = makeElement('h2', 'sluice-Login-title');
  private readonly _content = makeElement('div', 'sluice-Login-content');
  private readonly _state = makeElement('p', 'sluice-Login-state');
  private readonly _countdown = makeElement('p', 'sluice-Login-countdown');
  private readonly _last = makeElement('p', 'sluice-SrOnly');
  private readonly _actions = makeElement('div', 'sluice-Login-buttons');
  private readonly _ticks: IDisposable;
  private _form: PromptForm | null = null;
  private _shownId: string | null = null;
}

function take(event: Event): void {
  event.stopPropagation();
  event.preventDefault();
}
