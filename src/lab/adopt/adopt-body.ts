import type { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import type { AdoptReport, FoundRun } from '../../shared/wire/adopt';
import { makeElement } from '../make-element';
import { foundWords } from './adopt-words';

/** One box to tick for each job that was found; those that cannot be taken over say why. */
export class AdoptBody extends Widget implements Dialog.IBodyWidget<readonly string[]> {
  constructor(
    { target, found }: AdoptReport,
    private readonly _trans: TranslationBundle
  ) {
    super({ node: document.createElement('fieldset') });
    this.addClass('sluice-Choice');
    const legend = document.createElement('legend');
    legend.textContent = _trans._n(
      '%1 job on %2 is not known on this computer. What you tick is taken over with its outputs, values and files.',
      '%1 jobs on %2 are not known on this computer. What you tick is taken over with its outputs, values and files.',
      found.length,
      target
    );
    this.node.append(legend, ...found.map(run => this._row(run)));
  }

  getValue(): readonly string[] {
    return this._boxes.filter(({ box }) => box.checked).map(({ id }) => id);
  }

  private _row(run: FoundRun): HTMLElement {
    const box = document.createElement('input');
    box.type = 'checkbox';
    box.disabled = run.problem !== null;
    box.checked = run.problem === null;
    this._boxes.push({ box, id: run.task });
    const words = makeElement('span', '');
    words.append(
      makeElement('code', '', run.title),
      makeElement('div', 'sluice-Choice-aside', foundWords(run, this._trans))
    );
    if (run.problem !== null) {
      words.append(makeElement('div', '', run.problem));
    }
    const label = document.createElement('label');
    label.append(box, words);
    return label;
  }

  private readonly _boxes: { box: HTMLInputElement; id: string }[] = [];
}
