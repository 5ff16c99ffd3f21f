import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
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
    await expect(this.cell(1)).toBeVisible({ timeout: 60_000 });
  }

  /** Load the whole page anew and open the file again, as it was saved. */
  async reload(): Promise<void> {
    await this.lab.reload();
    await this.open();
  }

  /** Save, and wait until the file is written. */
  async save(): Promise<void> {
    await this.lab.notebook.save();
  }
}
