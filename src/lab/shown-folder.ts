import { PageConfig } from '@jupyterlab/coreutils';

/**
 * Absolute folder that the Jupyter server shows, as the server half says it; empty: it shows none of
 * the disk. Jupyter's own `serverRoot` is absent in Notebook 7, and begins with `~` below the home.
 */
export function shownFolder(): string {
  return PageConfig.getOption('sluiceShownFolder');
}
