import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ISluiceSettings, SluiceSettings } from '../settings';
import { PLUGIN_ID } from '../plugin-id';

/** Owns the schema: settings, toolbar, menus and shortcuts. */
export const settingsPlugin: JupyterFrontEndPlugin<ISluiceSettings> = {
  id: PLUGIN_ID,
  description: 'Settings of Sluice.',
  autoStart: true,
  provides: ISluiceSettings,
  optional: [ISettingRegistry],
  activate: (_: JupyterFrontEnd, registry: ISettingRegistry | null): ISluiceSettings => {
    const settings = new SluiceSettings(registry);
    settings.load().catch((error: unknown) => {
      // eslint-disable-next-line no-console -- the browser's console is where the page's faults go
      console.error('Sluice uses its default settings:', error);
    });
    return settings;
  }
};
