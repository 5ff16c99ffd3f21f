import type { TranslationBundle } from '@jupyterlab/translation';
import { closeIcon, type LabIcon } from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';
import type { Choice } from '../../shared/wire/task';
import { loginIcon } from '../icons';
import { makeElement } from '../make-element';
import { TASK_ICONS } from '../task-icons';
import type { Ticker } from '../tasks/ticker';
import { choiceName, choiceWords } from '../words/choice-words';
import { keptAction, keptActionName, keptWords } from '../words/kept-words';
import type { LineContent, LineIcon } from './line-content';
import { lineClock } from './line-clock';

export type CellLineActions = {
  cancel(): void;
  openLog(): void;
  openFiles(): void;
  logIn(): void;
  /** What the person wants to be done about a task of which nothing is certain. */
  decide(choice: Choice): void;
  /** Bring a value that was kept, by its name. */
  bring(name: string): void;
  dismiss(): void;
};

const EMPTY_CLASS = 'sluice-mod-empty';

const ICONS: Readonly<Record<LineIcon, LabIcon>> = { ...TASK_ICONS, login: loginIcon };

/** The thin line between a cell's input and its outputs. It is no part of the document. */
export class CellLine extends Widget {
  constructor(
    private readonly _trans: TranslationBundle,
    private readonly _ticker: Ticker,
    private readonly _actions: CellLineActions
  ) {
    super();
    this.addClass('sluice-CellLine');
    this.node.append(
      this._icon,
      this._words,
      this._clock,
      this._buttons,
      this._notes,
      this._kept,
      this._findings
    );
    this._icon.className = 'sluice-CellLine-icon';
    this._clock.className = 'sluice-CellLine-clock';
    this._buttons.className = 'sluice-CellLine-buttons';
    this._notes.className = 'sluice-CellLine-notes';
    this._kept.className = 'sluice-CellLine-kept';
    this._findings.className = 'sluice-CellLine-findings';
    this._words.className = 'sluice-CellLine-words';
    // Only the words are announced: a clock in the live region would speak every second.
    this._words.setAttribute('role', 'status');
    this._words.setAttribute('aria-live', 'polite');
    this._clock.setAttribute('role', 'timer');
    this._clock.setAttribute('aria-live', 'off');
    this.addClass(EMPTY_CLASS);
  }

  /** Show this, or nothing. */
  setContent(content: LineContent | null): void {
    if (JSON.stringify(content) === JSON.stringify(this._content)) {
      return;
    }
    this._content = content;
    this._ticker.ticked.disconnect(this._tick, this);
    // Empty rather than hidden: a live region has to be there before it has something to say.
    this.toggleClass(EMPTY_CLASS, content === null);
    if (content === null) {
      this._words.textContent = '';
      this._notes.replaceChildren();
      this._kept.replaceChildren();
      delete this._kept.dataset['shown'];
      this._findings.replaceChildren();
      delete this._findings.dataset['shown'];
      this._buttons.replaceChildren();
      return;
    }
    this._render(content);
  }

  private _render(content: LineContent): void {
    this.node.dataset['state'] = content.icon;
    ICONS[content.icon].element({ container: this._icon, tag: 'span', width: '14px' });
    this._icon.setAttribute('aria-hidden', 'true');
    if (this._words.textContent !== content.words) {
      this._words.textContent = content.words;
    }
    this._words.title =
      content.token === null ? '' : this._trans.__('Slurm says: %1', content.token);
    this._notes.replaceChildren(...content.notes.map(noteElement));
    this._renderKept(content);
    this._renderFindings(content.findings);
    this._renderButtons(content);
    this._clock.hidden = content.since === null && content.nextCheckAt === null;
    if (!this._clock.hidden) {
      this._ticker.ticked.connect(this._tick, this);
      this._tick();
    }
  }

  /** Values that wait for the person's word, each with its button. */
  private _renderKept({ kept, target }: LineContent): void {
    const shown = JSON.stringify([kept, target]);
    if (this._kept.dataset['shown'] === shown) {
      return;
    }
    this._kept.dataset['shown'] = shown;
    const { _trans: trans, _actions: actions } = this;
    const rows = kept.map(variable => {
      const row = element('div', '');
      const name = keptActionName(variable, trans);
      row.append(
        makeElement('code', '', variable.name),
        ` ${keptWords(variable, target, trans)} `,
        this._button(keptAction(variable, trans), name, () => actions.bring(variable.name))
      );
      return row;
    });
    this._kept.replaceChildren(...rows);
  }

  private _renderFindings(findings: readonly string[]): void {
    const shown = JSON.stringify(findings);
    // What is open stays open while the words beside it change.
    if (this._findings.dataset['shown'] === shown) {
      return;
    }
    this._findings.dataset['shown'] = shown;
    if (findings.length === 0) {
      this._findings.replaceChildren();
      return;
    }
    const details = document.createElement('details');
    const summary = document.createElement('summary');
    const count = findings.length;
    summary.textContent = this._trans._n('%1 note', '%1 notes', count, count);
    details.append(summary, ...findings.map(finding => element('div', finding)));
    this._findings.replaceChildren(details);
  }

  private _renderButtons(content: LineContent): void {
    const { canCancel, hasLog, canDismiss, canLogIn, hasFiles, choices } = content;
    const { _trans: trans, _actions: actions } = this;
    const wanted = JSON.stringify([canLogIn, choices, canCancel, hasFiles, hasLog, canDismiss]);
    // Buttons that stay are left alone, so that the keyboard focus stays on them.
    if (this._buttons.dataset['wanted'] === wanted && this._buttons.hasChildNodes()) {
      return;
    }
    this._buttons.dataset['wanted'] = wanted;
    const buttons: HTMLElement[] = [];
    if (canLogIn) {
      const name = trans.__('Log in, so that this cell goes on');
      buttons.push(this._button(trans.__('Log in'), name, actions.logIn));
    }
    for (const choice of choices) {
      const decide = (): void => actions.decide(choice);
      buttons.push(this._button(choiceWords(choice, trans), choiceName(choice, trans), decide));
    }
    if (canCancel) {
      const name = trans.__('Cancel this cell on Slurm');
      buttons.push(this._button(trans.__('Cancel'), name, actions.cancel));
    }
    if (hasFiles) {
      const name = trans.__('Files of this cell');
      buttons.push(this._button(trans.__('Files'), name, actions.openFiles));
    }
    if (hasLog) {
      buttons.push(this._button(trans.__('Log'), trans.__('Log of this cell'), actions.openLog));
    }
    if (canDismiss) {
      const dismiss = this._button('', trans.__('Dismiss'), actions.dismiss);
      closeIcon.element({ container: dismiss, tag: 'span', width: '12px' });
      buttons.push(dismiss);
    }
    this._buttons.replaceChildren(...buttons);
  }

  private _button(text: string, name: string, onClick: () => void): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'sluice-CellLine-button';
    button.textContent = text;
    button.title = name;
    button.setAttribute('aria-label', name);
    button.addEventListener('click', () => onClick());
    return button;
  }

  private _tick(): void {
    if (this._content !== null) {
      this._clock.textContent = lineClock(this._content, this._ticker.now, this._trans);
    }
  }

  private readonly _icon = element('span', '');
  private readonly _words = element('span', '');
  private readonly _clock = element('span', '');
  private readonly _buttons = element('span', '');
  private readonly _notes = element('div', '');
  private readonly _kept = element('div', '');
  private readonly _findings = element('div', '');
  private _content: LineContent | null = null;
}

function element(tag: 'span' | 'div', text: string): HTMLElement {
  const node = document.createElement(tag);
  node.textContent = text;
  return node;
}

/** A sentence in which what stands between backticks is code. */
function noteElement(text: string): HTMLElement {
  const node = element('div', '');
  const parts = text.split(/`([^`]+)`/);
  node.append(
    ...parts.map((part, index) => (index % 2 === 1 ? makeElement('code', '', part) : part))
  );
  return node;
}
