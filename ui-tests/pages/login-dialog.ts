import { expect, type Locator, type Page } from '@playwright/test';

/** The dialog in which a host asks. */
export class LoginDialog {
  readonly dialog: Locator;

  constructor(private readonly page: Page) {
    this.dialog = page.locator('dialog.sluice-Login');
  }

  button(name: string): Locator {
    return this.dialog.getByRole('button', { name, exact: true });
  }

  field(label: string): Locator {
    return this.dialog.getByLabel(label, { exact: true });
  }

  /** The host key of a host that nobody knows is shown, and accepted. */
  async acceptHostKey(host: string): Promise<void> {
    await expect(
      this.page.getByRole('dialog', { name: `First connection to ${host}` })
    ).toBeVisible();
    await expect(this.dialog.locator('code')).toHaveText(/^SHA256:\S{43}$/);
    await expect(this.button('Do not connect')).toBeFocused();
    await this.button('Accept and store').click();
  }

  /** Count how often a dialog is put on the page from now on. */
  async countShown(): Promise<() => Promise<number>> {
    await this.page.evaluate(() => {
      const counter = window as unknown as { loginsShown: number };
      counter.loginsShown = 0;
      const isLogin = (node: Node): boolean =>
        node instanceof HTMLElement && node.classList.contains('sluice-Login');
      new MutationObserver(records => {
        for (const { addedNodes } of records) {
          counter.loginsShown += [...addedNodes].filter(isLogin).length;
        }
      }).observe(document.body, { childList: true });
    });
    return () =>
      this.page.evaluate(() => (window as unknown as { loginsShown: number }).loginsShown);
  }

  /** Both rounds of the hosts of the stories, by keyboard alone. */
  async answerBothRounds(host: string): Promise<void> {
    await expect(this.page.getByRole('dialog', { name: `Log in to ${host}` })).toBeVisible();
    await expect(this.field('Password')).toBeFocused();
    await expect(this.field('Password')).toHaveAttribute('type', 'password');
    await this.page.keyboard.type('open sesame');
    await this.page.keyboard.press('Enter');
    await expect(this.field('Verification code')).toBeFocused();
    await this.page.keyboard.type('123456');
    await this.page.keyboard.press('Enter');
    await expect(this.dialog).toHaveCount(0);
  }
}
