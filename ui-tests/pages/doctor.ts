import type { Locator, Page } from '@playwright/test';

/** The view in which a target is checked. */
export class Doctor {
  readonly region: Locator;

  constructor(
    private readonly page: Page,
    private readonly target: string
  ) {
    this.region = page.getByRole('region', { name: `Check of ${target}`, exact: true });
  }

  /** Begin it from the menu, and choose the target. */
  async start(): Promise<void> {
    await this.page.getByRole('menuitem', { name: 'Run', exact: true }).click();
    await this.page.getByRole('menuitem', { name: 'Check a target…' }).click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByLabel('Target or host').selectOption(this.target);
    await dialog.getByRole('button', { name: 'Check' }).click();
  }

  get verdict(): Locator {
    return this.region.locator('.sluice-PlanView-summary');
  }

  step(title: string): Locator {
    return this.region
      .getByRole('list', { name: 'Steps' })
      .locator('> li')
      .filter({ has: this.page.getByText(title, { exact: true }) });
  }

  button(name: string): Locator {
    return this.region.getByRole('button', { name, exact: true });
  }
}
