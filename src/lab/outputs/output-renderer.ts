import { type IRenderMime, type IRenderMimeRegistry, MimeModel } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { PartialJSONObject } from '@lumino/coreutils';
import { Panel, Widget } from '@lumino/widgets';
import { failedIcon } from '../icons';
import { makeElement } from '../make-element';
import type { ISluiceService } from '../service';
import { outputTexts, unsealedMeaning, unsealedQuestion } from './output-words';
import { OUTPUT_MIME_TYPE, readSluiceOutput, type SluiceOutput } from './sluice-output';
import { SpilledPart } from './spilled-part';

export type OutputRendererOptions = {
  service: Pick<ISluiceService, 'output'>;
  registry: IRenderMimeRegistry;
  trans: TranslationBundle;
  openLog(task: string): void;
};

/** Renders what Sluice itself puts among outputs. It is safe in any notebook: by itself it shows words only. */
export function outputRendererFactory(
  options: OutputRendererOptions
): IRenderMime.IRendererFactory {
  return {
    safe: true,
    mimeTypes: [OUTPUT_MIME_TYPE],
    // Before any other representation beside it, which it shows itself.
    defaultRank: 1,
    createRenderer: () => new OutputRenderer(options)
  };
}

class OutputRenderer extends Panel implements IRenderMime.IRenderer {
  constructor(private readonly _options: OutputRendererOptions) {
    super();
    this.addClass('sluice-Output');
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    for (const widget of [...this.widgets]) {
      widget.dispose();
    }
    const output = readSluiceOutput(model.data[OUTPUT_MIME_TYPE]);
    if (output?.kind === 'spilled') {
      await this._renderOthers(model);
      this._renderSpilled(output, model);
    } else {
      this.addWidget(new Widget({ node: this._words(output) }));
    }
  }

  /** The representations that did travel, but for the words that stand for those that did not. */
  private async _renderOthers(model: IRenderMime.IMimeModel): Promise<void> {
    const { registry } = this._options;
    const data = Object.fromEntries(
      Object.entries(model.data).filter(
        ([type]) => type !== OUTPUT_MIME_TYPE && type !== 'text/plain'
      )
    ) as PartialJSONObject;
    const type = registry.preferredMimeType(data, model.trusted ? 'any' : 'ensure');
    if (type !== undefined) {
      const renderer = registry.createRenderer(type);
      this.addWidget(renderer);
      const metadata = model.metadata as PartialJSONObject;
      await renderer.renderModel(new MimeModel({ data, metadata, trusted: model.trusted }));
    }
  }

  private _renderSpilled(
    { task, parts }: Extract<SluiceOutput, { kind: 'spilled' }>,
    model: IRenderMime.IMimeModel
  ): void {
    const { service, registry, trans } = this._options;
    for (const part of parts) {
      const metadata = model.metadata as PartialJSONObject;
      const isTrusted = model.trusted;
      this.addWidget(
        new SpilledPart({ task, part, metadata, isTrusted, service, registry, trans })
      );
    }
  }

  private _words(output: Exclude<SluiceOutput, { kind: 'spilled' }> | null): HTMLElement {
    const { trans } = this._options;
    const texts = outputTexts(trans);
    switch (output?.kind) {
      case undefined:
        return makeElement('p', '', trans.__('This part of the outputs cannot be read.'));
      case 'more':
        return this._toLog(texts.hiddenLines(output.lines), output.task);
      case 'overflow':
        return this._toLog(texts.overflow(output.bytes), output.task);
      case 'unsealed':
        return this._unsealed(output.text);
    }
  }

  private _toLog(words: string, task: string): HTMLElement {
    const node = makeElement('div', 'sluice-Output-more');
    const button = makeElement('button', 'sluice-Button', this._options.trans.__('Open the log'));
    button.type = 'button';
    button.addEventListener('click', () => this._options.openLog(task));
    node.append(makeElement('span', '', words), button);
    return node;
  }

  private _unsealed(text: string): HTMLElement {
    const { trans } = this._options;
    const node = makeElement('div', 'sluice-Output-unsealed');
    const meaning = unsealedMeaning(trans);
    const mark = makeElement('summary', 'sluice-Output-mark');
    mark.title = meaning;
    mark.append(
      failedIcon.element({ tag: 'span', width: '14px' }),
      makeElement('span', '', outputTexts(trans).unsealed),
      makeElement('span', 'sluice-Output-question', unsealedQuestion(trans))
    );
    // A tooltip alone is out of reach for the keyboard.
    const details = makeElement('details', '');
    details.append(mark, makeElement('p', '', meaning));
    node.append(details, makeElement('pre', '', text));
    return node;
  }
}
