import type { Dialog } from '@jupyterlab/apputils';
import { Widget } from '@lumino/widgets';
import { makeElement } from '../make-element';
import { askInDialog } from './ask-in-dialog';

export type Option<Value> = {
  value: Value;
  label: string;
  /** What it means, in a sentence. */
  aside?: string;
  /** Text of a program that belongs to it, shown as it is. */
  code?: string;
  /** It is chosen already, instead of the first one. */
  isChosen?: boolean;
};

export type Question<Value> = {
  title: string;
  /** What it is about, in a sentence. */
  words: string;
  /** At least one; where none says so, the first is chosen until the person chooses another. */
  options: readonly Option<Value>[];
  accept: string;
  cancel: string;
};

/** Ask a person to choose one of a few ways; null: none of them. */
export function choose<Value>(question: Question<Value>): Promise<Value | null> {
  return askInDialog(question, new ChoiceBody(question));
}

/** The choices as radio buttons: the arrow keys go through them. */
export class ChoiceBody<Value> extends Widget implements Dialog.IBodyWidget<Value | null> {
  constructor({ words, options }: Question<Value>) {
    super({ node: document.createElement('fieldset') });
    this.addClass('sluice-Choice');
    const legend = document.createElement('legend');
    legend.textContent = words;
    this.node.append(legend);
    // Radio buttons of one name are one group; dialogs may follow one another in one page.
    const group = `sluice-choice-${Math.random().toString(36).slice(2)}`;
    const chosen = Math.max(
      0,
      options.findIndex(({ isChosen }) => isChosen)
    );
    this._radios = options.map((option, index) => {
      const radio = document.createElement('input');
      radio.type = 'radio';
      radio.name = group;
      radio.checked = index === chosen;
      this.node.append(row(radio, option, `${group}-${index}`));
      return { radio, value: option.value };
    });
  }

  getValue(): Value | null {
    return this._radios.find(({ radio }) => radio.checked)?.value ?? null;
  }

  private readonly _radios: { radio: HTMLInputElement; value: Value }[];
}

function row(
  radio: HTMLInputElement,
  { label, aside, code }: Option<unknown>,
  id: string
): HTMLElement {
  const node = document.createElement('div');
  const words = document.createElement('label');
  words.append(radio, label);
  node.append(words);
  if (aside !== undefined) {
    const text = makeElement('p', 'sluice-Choice-meaning', aside);
    text.id = `${id}-aside`;
    radio.setAttribute('aria-describedby', text.id);
    node.append(text);
  }
  if (code !== undefined) {
    const text = document.createElement('pre');
    text.id = id;
    text.tabIndex = 0;
    text.textContent = code;
    radio.setAttribute('aria-describedby', id);
    node.append(text);
  }
  return node;
}
