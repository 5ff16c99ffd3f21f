/** Id of the plugin that owns the settings, toolbar, menus and shortcuts in `schema/plugin.json`. */
export const PLUGIN_ID = 'jupyterlab-sluice:plugin';

/** Domain of all translated strings. */
export const TRANSLATION_DOMAIN = 'jupyterlab_sluice';
