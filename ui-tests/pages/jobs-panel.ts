import type { Locator, Page } from '@playwright/test';

/** The side panel “Slurm jobs”. */
export class JobsPanel {
  readonly region: Locator;

  constructor(private readonly page: Page) {
    this.region = page.getByRole('region', { name: 'Slurm jobs', exact: true });
  }

  /** Show it by its tab in the right sidebar. */
  async open(): Promise<void> {
    if (!(await this.region.isVisible())) {
      await this.page.getByRole('tab', { name: 'Slurm jobs' }).click();
    }
  }

  /** The row of a job, by the first line of its cell. */
  row(title: string): Locator {
    return this.region.getByRole('listitem').filter({ hasText: title });
  }

  live(): Locator {
    return this.region.getByRole('region', { name: 'Live', exact: true }).getByRole('listitem');
  }

  finished(): Locator {
    return this.region.getByRole('region', { name: 'Finished', exact: true }).getByRole('listitem');
  }

  /** Press one of the buttons of a job. */
  async press(action: 'Cancel' | 'Log' | 'Go to cell', title: string): Promise<void> {
    await this.region.getByRole('button', { name: `${action}: ${title}`, exact: true }).click();
  }
}
