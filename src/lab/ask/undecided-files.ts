import type { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import type { Plan } from '../../shared/wire/plan';
import { formatBytes } from '../words/format-bytes';
import { askInDialog } from './ask-in-dialog';

/** A large data file of which nobody said whether it travels. */
export type UndecidedFile = Plan['undecided'][number];

/** The paths that travel; the others stay. */
export type FilesThatTravel = ReadonlySet<string>;

/** Ask about all of them at once; null: do not run. */
export function askUndecidedFiles(
  files: readonly UndecidedFile[],
  trans: TranslationBundle
): Promise<FilesThatTravel | null> {
  const words = {
    title: trans.__('Send large files with the cell?'),
    accept: trans.__('Run on Slurm'),
    cancel: trans.__('Do not run')
  };
  return askInDialog(words, new FilesBody(files, trans));
}

/** One box to tick for each file, and how much travels by what is ticked. */
export class FilesBody extends Widget implements Dialog.IBodyWidget<FilesThatTravel> {
  constructor(
    private readonly _files: readonly UndecidedFile[],
    private readonly _trans: TranslationBundle
  ) {
    super({ node: document.createElement('fieldset') });
    this.addClass('sluice-Choice');
    const legend = document.createElement('legend');
    legend.textContent = _trans.__(
      'The cell reads large files. Those that you tick travel, the others stay here. Your choice is kept with the cell.'
    );
    this._sum.setAttribute('role', 'status');
    this.node.append(legend, ...this._rows(), this._sum);
    this._showSum();
  }

  getValue(): FilesThatTravel {
    return new Set(this._ticked().map(({ path }) => path));
  }

  private _rows(): HTMLElement[] {
    return this._files.map(({ path, bytes, why }) => {
      const box = document.createElement('input');
      box.type = 'checkbox';
      box.checked = true;
      box.addEventListener('change', () => this._showSum());
      this._boxes.push(box);
      const label = document.createElement('label');
      const name = document.createElement('code');
      name.textContent = path;
      const aside = document.createElement('span');
      aside.className = 'sluice-Choice-aside';
      aside.textContent = `${formatBytes(bytes)} · ${why}`;
      const words = document.createElement('span');
      words.append(name, ' ', aside);
      label.append(box, words);
      return label;
    });
  }

  private _showSum(): void {
    const bytes = this._ticked().reduce((sum, file) => sum + file.bytes, 0);
    this._sum.textContent =
      bytes === 0
        ? this._trans.__('None of them travels.')
        : this._trans.__('%1 would be sent, unless it is there already.', formatBytes(bytes));
  }

  private _ticked(): UndecidedFile[] {
    return this._files.filter((_, index) => this._boxes[index]?.checked === true);
  }

  private readonly _boxes: HTMLInputElement[] = [];
  private readonly _sum = document.createElement('p');
}
