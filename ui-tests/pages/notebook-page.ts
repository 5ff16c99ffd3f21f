import { expect, type Locator, type Page } from '@playwright/test';
import type { NotebookContent } from '../notebooks';

/** One open notebook, in JupyterLab or Notebook 7. */
export class NotebookPage {
  constructor(
    protected readonly page: Page,
    protected readonly options: { path: string; token?: string }
  ) {}

  /** Put the file there. */
  async upload(content: NotebookContent): Promise<void> {
    const response = await this.page.request.put(this.contentsUrl, {
      headers: this.headers,
      data: { type: 'notebook', format: 'json', content }
    });
    expect(response.ok(), await response.text()).toBe(true);
  }

  /** Put a text file beside it. */
  async uploadBeside(name: string, content: string): Promise<void> {
    const path = [...this.options.path.split('/').slice(0, -1), name].join('/');
    const response = await this.page.request.put(`/api/contents/${path}`, {
      headers: this.headers,
      data: { type: 'file', format: 'text', content }
    });
    expect(response.ok(), await response.text()).toBe(true);
  }

  /** The file as it was saved last. */
  async saved(): Promise<NotebookContent> {
    const response = await this.page.request.get(`${this.contentsUrl}?content=1`, {
      headers: this.headers
    });
    return ((await response.json()) as { content: NotebookContent }).content;
  }

  /** Open it in Notebook 7. */
  async openInNotebook(): Promise<void> {
    const token = this.options.token === undefined ? '' : `?token=${this.options.token}`;
    await this.page.goto(`/notebooks/${this.options.path}${token}`);
    await expect(this.cell(1)).toBeVisible({ timeout: 60_000 });
  }

  cell(number: number): Locator {
    return this.page.locator('.jp-Notebook .jp-Cell').nth(number - 1);
  }

  /** The button in the toolbar of a cell, which is there once the cell is active. */
  async button(number: number, name: string): Promise<Locator> {
    await this.select(number);
    const item = this.cell(number).locator('.jp-cell-toolbar [data-jp-item-name="sluice-run"]');
    return item.getByRole('button', { name, exact: true });
  }

  async select(number: number): Promise<void> {
    await this.cell(number).locator('.jp-InputPrompt').click();
  }

  /** Press “Run on Slurm: TARGET” on a cell. */
  async runOnSlurm(number: number, target: string): Promise<void> {
    const button = await this.button(number, `Run on Slurm: ${target}`);
    await button.click();
  }

  /** Open the drop-down beside the button of a cell. */
  async openMenu(number: number): Promise<void> {
    await this.select(number);
    await this.cell(number).getByRole('button', { name: 'More ways to run on Slurm' }).click();
  }

  /** Run a cell in the kernel, as ever. */
  async runHere(number: number): Promise<void> {
    await this.select(number);
    await this.page.keyboard.press('Control+Enter');
  }

  outputs(number: number): Locator {
    return this.cell(number).locator('.jp-OutputArea-output');
  }

  /** The words of the line between input and outputs. */
  line(number: number): Locator {
    return this.cell(number).locator('.sluice-CellLine').getByRole('status');
  }

  prompt(number: number): Locator {
    return this.cell(number).locator('.jp-InputPrompt');
  }

  private get contentsUrl(): string {
    return `/api/contents/${this.options.path}`;
  }

  private get headers(): Record<string, string> {
    const { token } = this.options;
    return token === undefined ? {} : { Authorization: `token ${token}` };
  }
}
