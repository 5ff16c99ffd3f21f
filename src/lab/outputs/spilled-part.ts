import { type IRenderMimeRegistry, MimeModel } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { PartialJSONObject } from '@lumino/coreutils';
import { Panel, Widget } from '@lumino/widgets';
import type { Spilled } from '../../shared/wire/events';
import { makeElement } from '../make-element';
import type { ISluiceService } from '../service';
import { toProblem } from '../tasks/task-store';
import { formatBytes } from '../words/format-bytes';
import { readBody } from './read-body';

export type SpilledPartOptions = {
  task: string;
  part: Spilled;
  /** Of the output that it belongs to. */
  metadata: PartialJSONObject;
  isTrusted: boolean;
  service: Pick<ISluiceService, 'output'>;
  registry: IRenderMimeRegistry;
  trans: TranslationBundle;
};

/** The place of a representation that did not travel with its output: fetched and shown by a click. */
export class SpilledPart extends Panel {
  constructor(private readonly _options: SpilledPartOptions) {
    super();
    this.addClass('sluice-Spilled');
    const { part, trans } = _options;
    const words = `${part.mime} · ${formatBytes(part.bytes)}`;
    this._button.type = 'button';
    this._button.addEventListener('click', () => void this._press());
    this._button.setAttribute('aria-label', trans.__('Show %1', words));
    this._words.setAttribute('role', 'status');
    const row = new Widget();
    row.addClass('sluice-Spilled-row');
    row.node.append(makeElement('span', '', words), this._button, this._words);
    this.addWidget(row);
    this._setButton();
  }

  private async _press(): Promise<void> {
    if (this._isAsking) {
      return;
    }
    if (this._shown) {
      this._shown.dispose();
      this._shown = null;
      this._setButton();
      return;
    }
    await this._show();
  }

  private async _show(): Promise<void> {
    const { trans } = this._options;
    this._isAsking = true;
    this._words.textContent = trans.__('Fetching…');
    try {
      const problem = await this._render();
      this._words.textContent = problem ?? '';
    } catch (error) {
      const { message, hint } = toProblem(error);
      this._words.textContent = `${message} ${hint}`;
    } finally {
      this._isAsking = false;
    }
    if (!this.isDisposed) {
      this._setButton();
    }
  }

  /** Fetch and show it; words where it cannot be shown. */
  private async _render(): Promise<string | null> {
    const { task, part, metadata, isTrusted, service, registry, trans } = this._options;
    const { mime } = part;
    const isKnown = registry.preferredMimeType({ [mime]: '' }, 'any') !== undefined;
    // The same rule by which outputs that come by themselves are shown.
    if (
      !isTrusted &&
      registry.preferredMimeType({ [mime]: '' }, 'ensure') === undefined &&
      isKnown
    ) {
      return trans.__('Outputs of this cell are not trusted, so this kind is not shown.');
    }
    const value = await readBody(await service.output(task, part.sha256), part.form);
    if (this.isDisposed) {
      return null;
    }
    const type = isKnown ? mime : 'text/plain';
    const data = { [type]: isKnown || typeof value === 'string' ? value : JSON.stringify(value) };
    const renderer = registry.createRenderer(type);
    this._shown = renderer;
    this.addWidget(renderer);
    await renderer.renderModel(new MimeModel({ data, metadata, trusted: isTrusted }));
    return null;
  }

  private _setButton(): void {
    const { trans } = this._options;
    this._button.textContent = this._shown ? trans.__('Hide') : trans.__('Show');
    this._button.setAttribute('aria-expanded', String(this._shown !== null));
  }

  private readonly _button = makeElement('button', 'sluice-Button');
  private readonly _words = makeElement('span', '');
  private _shown: Widget | null = null;
  private _isAsking = false;
}
