import { expect, test } from '@jupyterlab/galata';
import { makeNotebook } from '../notebooks';
import { DryRun } from '../pages/dry-run';
import { LabNotebookPage } from '../pages/lab-notebook-page';

const SETUP = 'import threading\nfrom rain import smooth\nlevel = 3\nlock = threading.Lock()';

const CELL = [
  'with open("rain.csv") as file:',
  '    rows = file.read().splitlines()',
  'try:',
  '    lock.locked()',
  'except NameError:',
  '    pass',
  'smooth(level), len(rows)'
].join('\n');

/** Opens a file and imports a module by names that no reading of the code gives away. */
const SECRETIVE = [
  'import importlib',
  'print("rehearsed")',
  'text = open("".join(reversed("txt.eton"))).read()',
  'importlib.import_module("".join(reversed("terces")))'
].join('\n');

test('a dry run says in sections what would travel, what stays, and sends nothing', async ({
  page,
  tmpPath
}) => {
  const content = makeNotebook([SETUP, CELL], { target: 'testbed' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/dry.ipynb`, content);
  await notebook.uploadBeside('rain.py', 'def smooth(value):\n    return value / 2\n');
  await notebook.uploadBeside('rain.csv', 'day,mm\n1,3.2\n');
  await notebook.runHere(1);
  await expect(notebook.prompt(1)).toHaveText('[1]:');
  await notebook.openMenu(2);
  await page.getByRole('menuitem', { name: 'Dry run on Slurm' }).click();
  const dryRun = new DryRun(page);
  await expect(dryRun.summary).toContainText('1 module, 1 file, 1 variable');
  await expect(dryRun.summary).toContainText('would travel to testbed. Nothing was sent.');
  await expect(dryRun.section('Modules')).toContainText('rain.py');
  await expect(dryRun.section('Files')).toContainText('rain.csv');
  await expect(dryRun.section('Variables')).toContainText('level');
  await expect(dryRun.attention.getByRole('listitem').filter({ hasText: 'lock' })).toContainText(
    'Stops the run'
  );
  await expect(dryRun.region.getByRole('region', { name: 'Scheduler' })).toContainText(
    'would take the job'
  );
  await expect(dryRun.section('Script').locator('pre')).toBeHidden();
  await expect(notebook.prompt(2)).toHaveText('[ ]:');
});

test('by keyboard alone a plan is opened, walked, rehearsed and closed', async ({
  page,
  tmpPath
}) => {
  const content = makeNotebook([SECRETIVE], { target: 'testbed' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/keys.ipynb`, content);
  await notebook.uploadBeside('note.txt', 'a note\n');
  await notebook.uploadBeside('secret.py', 'sauce = 1\n');
  await notebook.select(1);
  const dryRun = new DryRun(page);
  await dryRun.walkByKeyboard();
  await expect(dryRun.rehearsal).toContainText(/File\s.*note\.txt/);
  await expect(dryRun.rehearsal).toContainText('line 3');
  await expect(dryRun.rehearsal.getByRole('region', { name: 'Its outputs' })).toContainText(
    'rehearsed'
  );
  // The outputs of the rehearsal are no outputs of the cell.
  await expect(notebook.outputs(1)).toHaveCount(0);
  await dryRun.button('Go to line 3 of the cell').focus();
  await page.keyboard.press('Enter');
  await expect(notebook.cell(1).locator('.cm-content')).toBeFocused();
  await dryRun.button('Close').focus();
  await page.keyboard.press('Enter');
  await expect(dryRun.region).toHaveCount(0);
});

test('a rehearsal names an import that does not travel', async ({ page, tmpPath }) => {
  const source = 'import importlib\nimportlib.import_module("".join(reversed("terces"))).sauce';
  const content = makeNotebook([source], { target: 'testbed' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/import.ipynb`, content);
  await notebook.uploadBeside('secret.py', 'sauce = 1\n');
  await notebook.openMenu(1);
  await page.getByRole('menuitem', { name: 'Rehearse here' }).click();
  const dryRun = new DryRun(page);
  await dryRun.agree();
  await expect(dryRun.rehearsal).toContainText(/Module\s.*secret/);
  await expect(dryRun.rehearsal).toContainText('line 2');
});

test('the button of a cell that rests says what it would send', async ({ page, tmpPath }) => {
  const content = makeNotebook(['level = 3', 'print(level)'], { target: 'testbed' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/warm.ipynb`, content);
  await notebook.runHere(1);
  await expect(notebook.prompt(1)).toHaveText('[1]:');
  const button = await notebook.button(2, 'Run on Slurm: testbed');
  await expect(button).toHaveAttribute('title', /Would send 1 variable, .* to testbed/);
  // It looked without a trace.
  await notebook.runHere(2);
  await expect(notebook.prompt(2)).toHaveText('[2]:');
});

test('the dry run of the magic is shown as the same view', async ({ page, tmpPath }) => {
  const source = '%%slurm testbed --dry-run\nprint(level)';
  const content = makeNotebook(['level = 3', source]);
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/magic.ipynb`, content);
  await notebook.runHere(1);
  await expect(notebook.prompt(1)).toHaveText('[1]:');
  const view = notebook.cell(2).locator('.sluice-PlanOutput');
  // The magic comes into the kernel by itself, some time after the kernel's start.
  await expect(async () => {
    await notebook.runHere(2);
    await expect(notebook.outputs(2)).toBeVisible();
    await expect(view).toBeVisible({ timeout: 1000 });
  }).toPass();
  await expect(view.locator('.sluice-PlanView-summary')).toContainText(
    '1 variable: 1 B would travel to testbed. Nothing was sent.'
  );
  await expect(view.getByRole('button')).toHaveCount(0);
});
