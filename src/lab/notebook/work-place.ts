import type { INotebookTracker } from '@jupyterlab/notebook';
import type { IClock } from '../clock';
import { knownPythonVersion } from '../kernel/known-python-version';
import { shownFolder } from '../shown-folder';
import { projectFolder } from './project-folder';

/** Where a person is at work, as far as that decides what a target is and whether it suits. */
export interface IWorkPlace {
  /** The folder of this notebook, else of the one in front; null: not known. */
  projectDir(notebookPath?: string | null): string | null;
  /** Of the kernel of the notebook in front, such as `3.11.7`; null: not known at once. */
  pythonVersion(): Promise<string | null>;
}

/** The place of the notebook in front; a page without notebooks has no tracker. */
export function workPlaceOf(tracker: INotebookTracker | null, clock: IClock): IWorkPlace {
  return {
    projectDir: notebookPath => {
      const path = notebookPath ?? tracker?.currentWidget?.context.localPath ?? null;
      return projectFolder(path, shownFolder());
    },
    pythonVersion: async () =>
      knownPythonVersion(tracker?.currentWidget?.sessionContext.session?.kernel ?? null, clock)
  };
}
