import { expect, test } from '@jupyterlab/galata';
import { Doctor } from '../pages/doctor';
import { LoginDialog } from '../pages/login-dialog';

test('the doctor ticks step after step down to a finished job', async ({ page }) => {
  const doctor = new Doctor(page, 'testbed');
  await doctor.start();
  await expect(doctor.region).toBeFocused();
  await expect(doctor.verdict).toContainText(/testbed (is ready|works)/, { timeout: 80_000 });
  for (const title of ['Login', 'Slurm', 'Python', 'Trial job']) {
    await expect(doctor.step(title)).toHaveAttribute('data-state', /passed|warning/);
    await expect(doctor.step(title)).toContainText(/passed|look at this/);
  }
});

test('a partition that does not exist is named, and a better one saved', async ({ page }) => {
  const doctor = new Doctor(page, 'picky');
  await doctor.start();
  const proposal = doctor.region.getByRole('region', { name: 'Proposed settings' });
  await expect(proposal.locator('pre')).toContainText('partition = ', { timeout: 80_000 });
  await expect(proposal).toContainText('nowhere is not up');
  const name = doctor.region.getByLabel('Name of the target');
  await expect(name).toHaveValue('picky');
  await name.fill('not a name');
  await expect(proposal).toContainText('A name has letters, digits');
  await name.fill('no-longer-picky');
  await page.keyboard.press('Enter');
  await expect(proposal).toContainText('Saved to');
  await expect(doctor.button('Save to my configuration')).toHaveCount(0);
});

test('a host that does not exist fails at its name, with what to do', async ({ page }) => {
  const doctor = new Doctor(page, 'away');
  await doctor.start();
  await expect(doctor.verdict).toContainText('fails at “Name lookup”', { timeout: 40_000 });
  await expect(doctor.step('Name lookup')).toContainText('failed');
  await expect(doctor.step('Trial job')).toContainText('skipped');
  await doctor.button('Close').press('Enter');
  await expect(doctor.region).toHaveCount(0);
});

test('the doctor asks for the login that it needs', async ({ page }) => {
  const doctor = new Doctor(page, 'phone-doctor');
  const login = new LoginDialog(page);
  await doctor.start();
  await login.acceptHostKey('phone-doctor');
  await login.answerBothRounds('phone-doctor');
  await expect(doctor.step('Login')).toHaveAttribute('data-state', 'passed');
  await expect(doctor.step('Shell')).toHaveAttribute('data-state', /passed|warning/);
});
