import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { Token } from '@lumino/coreutils';
import { PLUGIN_ID } from './plugin-id';

/** What a person may set for the page. */
export interface ISluiceSettings {
  /** How many characters of text a cell shows before it refers to the log. */
  readonly shownCharacters: number;
  /** How many lines of text a cell shows before it refers to the log. */
  readonly shownLines: number;
  /** Whether kernels get `%%slurm` by themselves. */
  readonly loadsMagic: boolean;
  /** Whether it is looked what the active cell would send, before anyone asks. */
  readonly warmsCapture: boolean;
}

/** The settings, as the other plugins require them. */
export const ISluiceSettings = new Token<ISluiceSettings>(
  'jupyterlab-sluice:ISluiceSettings',
  'Settings of the Sluice extension.'
);

const DEFAULT_SHOWN_KILOBYTES = 1000;
const DEFAULT_SHOWN_LINES = 10_000;

/** The settings of the registry; the schema's defaults where there is none (yet). */
export class SluiceSettings implements ISluiceSettings {
  constructor(private readonly _registry: ISettingRegistry | null) {}

  get shownCharacters(): number {
    const kilobytes = this._get('shownKilobytes');
    return 1000 * (typeof kilobytes === 'number' ? kilobytes : DEFAULT_SHOWN_KILOBYTES);
  }

  get shownLines(): number {
    const lines = this._get('shownLines');
    return typeof lines === 'number' ? lines : DEFAULT_SHOWN_LINES;
  }

  get loadsMagic(): boolean {
    return this._get('loadMagic') !== false;
  }

  get warmsCapture(): boolean {
    return this._get('warmCapture') !== false;
  }

  /** Load them; until then, and where that fails, the defaults hold. */
  async load(): Promise<void> {
    this._settings = (await this._registry?.load(PLUGIN_ID)) ?? null;
  }

  private _get(key: string): unknown {
    return this._settings?.composite[key];
  }

  private _settings: ISettingRegistry.ISettings | null = null;
}
