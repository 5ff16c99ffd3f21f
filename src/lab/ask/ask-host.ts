import type { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import type { Targets } from '../../shared/wire/service';
import { makeElement } from '../make-element';
import { askInDialog } from './ask-in-dialog';

/** Ask which target to check, or which host of the SSH configuration; null: none. */
export function askHost(targets: Targets, trans: TranslationBundle): Promise<string | null> {
  const words = {
    title: trans.__('Check a target'),
    accept: trans.__('Check'),
    cancel: trans.__('Cancel')
  };
  return askInDialog(words, new HostBody(targets, trans), 'select');
}

/** The targets, the hosts of `~/.ssh/config`, or any other one that the person types. */
export class HostBody extends Widget implements Dialog.IBodyWidget<string | null> {
  constructor(
    { default: usual, targets, aliases }: Targets,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('sluice-AskHost');
    const hosts = new Set(targets.map(({ name }) => name));
    this._select.append(
      ...this._group(
        _trans.__('Targets'),
        targets.map(({ name, host }) => [name, host])
      ),
      ...this._group(
        _trans.__('Hosts of your SSH configuration'),
        aliases.filter(({ alias }) => !hosts.has(alias)).map(one => [one.alias, one.hostName])
      ),
      option('', _trans.__('Another host…'))
    );
    if (hosts.has(usual)) {
      this._select.value = usual;
    }
    this._select.addEventListener('change', () => this._showOther());
    this._other.type = 'text';
    this._other.autocomplete = 'off';
    this._other.spellcheck = false;
    this._other.placeholder = 'me@login.example.org:22';
    this._otherLabel.append(makeElement('span', '', _trans.__('Host')), this._other);
    this.node.append(this._intro(), this._selectLabel(), this._otherLabel);
    this._showOther();
  }

  getValue(): string | null {
    const value = (this._select.value || this._other.value).trim();
    return value === '' ? null : value;
  }

  private _intro(): HTMLElement {
    const words = this._trans.__(
      'Goes step by step from the name of the host to a finished job of one second, and says what is missing. Nothing is changed.'
    );
    return makeElement('p', '', words);
  }

  private _selectLabel(): HTMLElement {
    const label = makeElement('label', '');
    label.append(makeElement('span', '', this._trans.__('Target or host')), this._select);
    return label;
  }

  private _group(title: string, rows: (readonly [string, string | null])[]): HTMLElement[] {
    if (rows.length === 0) {
      return [];
    }
    const group = document.createElement('optgroup');
    group.label = title;
    group.append(
      ...rows.map(([name, host]) =>
        option(name, host === null || host === name ? name : `${name} (${host})`)
      )
    );
    return [group];
  }

  private _showOther(): void {
    this._otherLabel.hidden = this._select.value !== '';
  }

  private readonly _select = document.createElement('select');
  private readonly _other = document.createElement('input');
  private readonly _otherLabel = makeElement('label', '');
}

function option(value: string, text: string): HTMLOptionElement {
  const node = document.createElement('option');
  node.value = value;
  node.textContent = text;
  return node;
}
