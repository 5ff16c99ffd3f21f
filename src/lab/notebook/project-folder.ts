import { PathExt } from '@jupyterlab/coreutils';

/**
 * The folder of a notebook on the disk: the project that holds it may define targets of its own.
 * Null where that cannot be told: no notebook, or a server that does not say what it shows.
 */
export function projectFolder(notebookPath: string | null, serverRoot: string): string | null {
  if (notebookPath === null || serverRoot === '') {
    return null;
  }
  const folder = PathExt.dirname(notebookPath);
  const root = serverRoot.replace(/\/+$/, '');
  return folder === '' ? root || '/' : `${root}/${folder}`;
}
