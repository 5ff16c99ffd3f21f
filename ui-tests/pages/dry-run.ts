import type { Locator, Page } from '@playwright/test';

/** The view of a dry run, beside the notebook. */
export class DryRun {
  readonly region: Locator;

  constructor(page: Page) {
    this.region = page.getByRole('region', { name: 'Dry run', exact: true });
  }

  get summary(): Locator {
    return this.region.locator('.sluice-PlanView-summary');
  }

  /** A part that folds, such as “Modules”. */
  section(title: string): Locator {
    return this.region.locator(`details[data-title="${title}"]`);
  }

  /** What a person should look at first. */
  get attention(): Locator {
    return this.region.getByRole('region', { name: 'Look at this first' });
  }

  get rehearsal(): Locator {
    return this.region.getByRole('region', { name: 'Rehearsal', exact: true });
  }

  button(name: string): Locator {
    return this.region.getByRole('button', { name, exact: true });
  }
}
