import { expect, type Locator, type Page } from '@playwright/test';

/** The view of a dry run, beside the notebook. */
export class DryRun {
  readonly region: Locator;

  constructor(private readonly page: Page) {
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

  /** Agree that it runs on this machine, which the testbed makes a login node. */
  async agree(): Promise<void> {
    const dialog = this.page.getByRole('dialog');
    await expect(dialog).toContainText('login node');
    await dialog.getByRole('button', { name: 'Rehearse here' }).press('Enter');
  }

  /** From the active cell: plan, go through the sections, rehearse; without a mouse. */
  async walkByKeyboard(): Promise<void> {
    const { keyboard } = this.page;
    await keyboard.press('Alt+Shift+Enter');
    await expect(this.summary).toContainText('Nothing was sent.');
    await expect(this.region).toBeFocused();
    for (const name of ['Run on Slurm', 'Rehearse here', 'Rehearse on the cluster']) {
      await keyboard.press('Tab');
      await expect(this.button(name)).toBeFocused();
    }
    for (const name of ['Copy as JSON', 'Refresh', 'Close']) {
      await keyboard.press('Tab');
      await expect(this.button(name)).toBeFocused();
    }
    const script = this.section('Script');
    await this.tabTo(script.locator('summary'));
    await keyboard.press('Enter');
    await expect(script.locator('pre')).toBeVisible();
    await this.tabTo(this.button('Rehearse here'), 'Shift+Tab');
    await keyboard.press('Enter');
    await this.agree();
    await expect(this.rehearsal).toBeVisible();
  }

  private async tabTo(target: Locator, key = 'Tab'): Promise<void> {
    await expect(async () => {
      await this.page.keyboard.press(key);
      await expect(target).toBeFocused({ timeout: 50 });
    }).toPass({ intervals: [0] });
  }
}
