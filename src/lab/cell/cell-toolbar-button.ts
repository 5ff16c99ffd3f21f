import type { LabIcon } from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';

/** What a button in a cell's toolbar shows at a moment. */
export type ButtonLook = {
  icon: LabIcon;
  /** What the button does; its name. */
  name: string;
  /** What a person may want to know before; with the name in the tooltip. */
  description: string | null;
};

type ButtonOptions = {
  look(): ButtonLook;
  /** Whether a menu opens. */
  hasMenu?: boolean;
  onClick(button: HTMLElement): void;
  /** The mouse or the focus came near. */
  onApproach?(): void;
};

/** A button in the toolbar of a cell, whose tooltip can say more than its name. */
export class CellToolbarButton extends Widget {
  constructor(private readonly _options: ButtonOptions) {
    super();
    this.addClass('sluice-CellButton');
    this.addClass('jp-Toolbar-item');
    this._button.type = 'button';
    if (_options.hasMenu === true) {
      this._button.setAttribute('aria-haspopup', 'menu');
      this._button.setAttribute('aria-expanded', 'false');
    }
    this.node.append(this._button);
    // The cell keeps its focus when the mouse is used.
    this._button.addEventListener('mousedown', event => event.preventDefault());
    this._button.addEventListener('click', () => _options.onClick(this._button));
    for (const type of ['pointerenter', 'focusin']) {
      this.node.addEventListener(type, () => _options.onApproach?.());
    }
    this.refresh();
  }

  /** Look again. */
  refresh(): void {
    const { icon, name, description } = this._options.look();
    icon.element({ container: this._button, tag: 'span', elementSize: 'normal' });
    this._button.setAttribute('aria-label', name);
    this._button.title = description === null ? name : `${name}\n${description}`;
    if (description === null) {
      this._button.removeAttribute('aria-description');
    } else {
      this._button.setAttribute('aria-description', description);
    }
  }

  private readonly _button = document.createElement('button');
}
