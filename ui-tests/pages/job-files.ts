import type { Locator, Page } from '@playwright/test';

/** The view with the files that a job wrote. */
export class JobFiles {
  readonly region: Locator;

  constructor(private readonly page: Page) {
    this.region = page.getByRole('region', { name: 'Files of a job', exact: true });
  }

  get summary(): Locator {
    return this.region.locator('.sluice-PlanView-summary');
  }

  row(path: string): Locator {
    return this.region
      .getByRole('row')
      .filter({ has: this.page.getByRole('cell', { name: path, exact: true }) });
  }

  async press(action: 'Fetch' | 'Give up' | 'Open' | 'Cancel', path: string): Promise<void> {
    await this.region.getByRole('button', { name: `${action}: ${path}`, exact: true }).click();
  }
}
