import { PathExt } from '@jupyterlab/coreutils';
import type { TaskFile } from '../../shared/wire/files';

type Surroundings = {
  /** Absolute folder that the Jupyter server shows; empty: it does not say. */
  serverRoot: string;
  /** Of the notebook that the task came from, as the server names it. */
  notebookPath: string | null;
};

/**
 * How the Jupyter server names a file that came home, so that it can be opened; null when it lies
 * outside what the server shows, or that cannot be told.
 */
export function pathOnServer(
  { localPath, path }: Pick<TaskFile, 'localPath' | 'path'>,
  { serverRoot, notebookPath }: Surroundings
): string | null {
  if (localPath === null) {
    return null;
  }
  if (serverRoot !== '') {
    const root = serverRoot.replace(/\/*$/, '/');
    return localPath.startsWith(root) ? localPath.slice(root.length) : null;
  }
  // A server that does not name its root: the file lies beside the notebook, or is somewhere else.
  if (notebookPath === null) {
    return null;
  }
  const folder = PathExt.join(PathExt.dirname(notebookPath), PathExt.dirname(path));
  if (folder.startsWith('..')) {
    return null;
  }
  const here = PathExt.join(folder, PathExt.basename(localPath));
  return localPath.endsWith(`/${here}`) ? here : null;
}
