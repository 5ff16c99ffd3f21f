import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Browser, chromium, type Locator, type Page } from '@playwright/test';

import type { JupyterServer } from './jupyter-server.ts';

const SYSTEM_CHROMIUM = '/usr/bin/chromium';
const OPEN_TIMEOUT_MS = 90_000;
const RUN_TIMEOUT_MS = 120_000;

/** Starts Chromium: Debian's where it is, else the one that Playwright has. */
export async function startChromium(): Promise<Browser> {
  return chromium.launch({
    ...(existsSync(SYSTEM_CHROMIUM) ? { executablePath: SYSTEM_CHROMIUM } : {}),
    args: ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])]
  });
}

/** One notebook with one cell in JupyterLab. */
export class LabPage {
  readonly page: Page;
  readonly #cell: Locator;

  private constructor(page: Page) {
    this.page = page;
    this.#cell = page.locator('.jp-Notebook .jp-CodeCell').first();
  }

  /** Opens a new notebook in a new window; returns when its kernel is idle. */
  static async open(
    browser: Browser,
    server: JupyterServer,
    notebook: { name: string; source: string }
  ): Promise<LabPage> {
    await writeFile(join(server.root, notebook.name), JSON.stringify(notebookOf(notebook.source)));
    const page = await (await browser.newContext()).newPage();
    // A workspace of its own, or JupyterLab opens what former pages had open, too.
    const place = `lab/workspaces/${notebook.name.replace(/\W/g, '-')}/tree/${notebook.name}`;
    await page.goto(`${server.url}${place}?token=${server.token}`);
    const lab = new LabPage(page);
    await lab.#cell.waitFor({ timeout: OPEN_TIMEOUT_MS });
    await page.getByText('Python 3 (ipykernel) | Idle').waitFor({ timeout: OPEN_TIMEOUT_MS });
    await lab.#cell.locator('.jp-InputPrompt').click();
    return lab;
  }

  /** Runs the cell in the kernel; returns when its prompt says that it is done. */
  async runLocally(): Promise<void> {
    await this.page.keyboard.press('Control+Enter');
    await this.#untilDone();
  }

  /** Presses “Run on Slurm: TARGET”; returns when the prompt says that it is done. */
  async runOnSlurm(target: string): Promise<void> {
    const item = this.#cell.locator('.jp-cell-toolbar [data-jp-item-name="sluice-run"]');
    await item.getByRole('button', { name: `Run on Slurm: ${target}`, exact: true }).click();
    await this.#untilDone();
  }

  /** The text of the outputs. */
  async outputs(): Promise<string> {
    return (await this.#cell.locator('.jp-OutputArea').textContent()) ?? '';
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  async #untilDone(): Promise<void> {
    const prompt = this.#cell.locator('.jp-InputPrompt');
    await prompt.filter({ hasText: /^\[\d+\]:$/ }).waitFor({ timeout: RUN_TIMEOUT_MS });
  }
}

function notebookOf(source: string): unknown {
  const kernelspec = { name: 'python3', display_name: 'Python 3 (ipykernel)', language: 'python' };
  const cell = { cell_type: 'code', id: 'lines', metadata: {}, outputs: [], execution_count: null };
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec },
    cells: [{ ...cell, source }]
  };
}
