import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { expect } from '@playwright/test';
import type { NotebookContent } from '../notebooks';
import { NotebookPage } from './notebook-page';

/** One notebook in JupyterLab. */
export class LabNotebookPage extends NotebookPage {
  constructor(
    private readonly lab: IJupyterLabPageFixture,
    path: string
  ) {
    super(lab, { path });
  }

  /** Put the file there and open it. */
  static async create(
    lab: IJupyterLabPageFixture,
    path: string,
    content: NotebookContent
  ): Promise<LabNotebookPage> {
    const notebook = new LabNotebookPage(lab, path);
    await notebook.upload(content);
    await notebook.open();
    return notebook;
  }

  async open(): Promise<void> {
    await this.lab.filebrowser.open(this.options.path);
    await this.waitForKernel();
  }

  /** Load the whole page anew: it opens the file again, as it was saved. */
  async reload(): Promise<void> {
    // Galata would wait for the launcher to be in front, which a restored notebook is instead.
    const options: object = { waitForIsReady: false };
    await this.lab.reload(options);
    await this.waitForKernel();
  }

  /** Save, and wait until the file is written. */
  async save(): Promise<void> {
    await this.lab.notebook.save();
  }

  /** The indicator says “idle” already while there is no kernel, so the session itself is asked. */
  private async waitForKernel(): Promise<void> {
    await expect(this.cell(1)).toBeVisible({ timeout: 60_000 });
    await this.lab.evaluate(async () => {
      const { shell } = window.jupyterapp;
      const { sessionContext } = shell.currentWidget as NotebookPanel;
      await sessionContext.ready;
      await sessionContext.session?.kernel?.info;
    });
  }
}
