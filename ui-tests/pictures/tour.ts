import path from 'node:path';
import { expect, type Page } from '@playwright/test';
import { makeNotebook, type NotebookContent } from '../notebooks';
import { DryRun } from '../pages/dry-run';
import type { NotebookPage } from '../pages/notebook-page';

const LOOKED_AT = path.join(__dirname, '..', '..', 'build', 'pictures');

const SETUP = `import threading, pathlib
for n in range(20):
    pathlib.Path(f"step_{n:02}.py").write_text(f"def run(values):\\n    return values + {n}\\n")
for n in range(12):
    pathlib.Path(f"station_{n:02}.csv").write_text("day,mm\\n" * 100 * (n + 1))
for name, size in {"archive.bin": 300_000_000, "second archive.bin": 60_000_000}.items():
    open(name, "wb").truncate(size)
pathlib.Path(".env").write_text("TOKEN=1")
pathlib.Path("note.txt").write_text("a note")
pathlib.Path("secret_sauce.py").write_text("sauce = 1")
import step_03
pathlib.Path("step_03.py").write_text("def run(values):\\n    return values - 3\\n")
import numpy as np
field, mask, names, labels = np.ones((300, 200)), np.zeros(99), ["north", "south"], {"a": 1}
scale, offset, title, limits, seed = 3, 0.5, "rain", (0, 1), 42
lock, numbers, log = threading.Lock(), (n for n in range(3)), open("note.txt")
def hidden(): return eval("scale")
big = [scale] * 2_000_000`;

const IMPORTS = Array.from({ length: 20 }, (_, n) => `step_${String(n).padStart(2, '0')}`);
const FILES = Array.from({ length: 12 }, (_, n) => `station_${String(n).padStart(2, '0')}.csv`);

const MANY = `import ${IMPORTS.join(', ')}
for file in (${FILES.map(name => `open("${name}")`).join(', ')}): file.read()
try: print(lock, numbers, log, hidden(), open(".env").read())
except NameError: pass
open("/scratch/hydro/1990.csv")
step_03.run(field), mask, names, labels, scale, offset, title, limits, seed`;

/** Each cell of the tour with the target that it is for. */
const CELLS = {
  many: ['testbed', MANY],
  empty: ['testbed', 'print("alone")'],
  away: ['away', 'print("nobody there")'],
  refused: ['picky', 'print("no such partition")'],
  running: ['testbed', 'import time\ntime.sleep(40)'],
  missing: [
    'testbed',
    'import importlib\nprint("begun")\ntext = open("".join(reversed("txt.eton"))).read()\nimportlib.import_module("".join(reversed("ecuas_terces")))'
  ],
  outputs: ['testbed', 'print("a line")\nfrom IPython.display import HTML\nHTML("<b>bold</b>")'],
  undecided: ['testbed', 'open("archive.bin"), open("second archive.bin")'],
  large: ['small', 'sum(big)'],
  magic: ['testbed', '%%slurm testbed --dry-run --time 4:00:00\nstep_03.run(scale)'],
  notes: [
    'testbed',
    'import os, step_03\nstep_03.run(scale)\nif os.path.exists("/scratch/x"): open("/scratch/x")'
  ]
} as const;

type CellName = keyof typeof CELLS;

/** The notebook of the tour. */
export function tourNotebook(): NotebookContent {
  const content = makeNotebook([SETUP, ...Object.values(CELLS).map(([, source]) => source)]);
  Object.values(CELLS).forEach(([target], index) => {
    content.cells[index + 1]!.metadata = { sluice: { target } };
  });
  return content;
}

/** Goes to every state that a person may see of a dry run and of its questions; pictures of all. */
export async function takeTour(page: Page, notebook: NotebookPage, name: string): Promise<void> {
  const shoot = async (what: string): Promise<void> => {
    await page.screenshot({ path: path.join(LOOKED_AT, name, `${what}.png`) });
  };
  const numberOf = (cell: CellName): number => Object.keys(CELLS).indexOf(cell) + 2;
  const dryRun = new DryRun(page);
  const plan = async (cell: CellName): Promise<void> => {
    await notebook.select(numberOf(cell));
    await page.keyboard.press('Alt+Shift+Enter');
    await expect(dryRun.summary).toContainText('Nothing was sent.', { timeout: 40_000 });
  };
  const close = async (): Promise<void> => {
    await dryRun.button('Close').click();
    await expect(dryRun.region).toHaveCount(0);
  };
  await expect(async () => {
    // A notebook is there before its kernel is.
    await notebook.runHere(1);
    await expect(notebook.prompt(1)).toHaveText('[1]:', { timeout: 5000 });
  }).toPass();

  await notebook.openMenu(numberOf('many'));
  await expect(page.getByRole('menu')).toContainText('Would send 20 modules');
  await shoot('menu');
  await page.keyboard.press('Escape');

  await plan('many');
  await shoot('many');
  await dryRun.region.evaluate(node => node.scrollBy(0, 650));
  await shoot('many-below');
  await close();
  for (const cell of ['empty', 'away', 'refused'] as const) {
    await plan(cell);
    await shoot(cell);
    await close();
  }

  await plan('running');
  await dryRun.button('Rehearse here').click();
  await dryRun.agree();
  await expect(dryRun.region).toContainText('Rehearsing here');
  await shoot('rehearsal-running');
  await dryRun.button('Cancel').click();
  await close();
  for (const cell of ['missing', 'outputs'] as const) {
    await plan(cell);
    await dryRun.button('Rehearse here').click();
    await dryRun.agree();
    await expect(dryRun.rehearsal).toBeVisible();
    await shoot(`rehearsal-${cell}`);
    await close();
  }

  const dialog = page.getByRole('dialog');
  for (const cell of ['undecided', 'large'] as const) {
    await notebook.runOnSlurm(numberOf(cell), CELLS[cell][0]);
    await expect(dialog).toBeVisible();
    await shoot(`dialog-${cell}`);
    await dialog.getByRole('button', { name: 'Do not run' }).click();
  }

  await notebook.runHere(numberOf('magic'));
  await expect(notebook.cell(numberOf('magic')).locator('.sluice-PlanOutput')).toBeVisible();
  await notebook.cell(numberOf('magic')).scrollIntoViewIfNeeded();
  await shoot('magic');

  await notebook.runOnSlurm(numberOf('notes'), 'testbed');
  const line = notebook.cell(numberOf('notes')).locator('.sluice-CellLine');
  await expect(line.getByText('notes', { exact: false }).first()).toBeVisible();
  await line.locator('summary').click();
  await shoot('notes');
}
