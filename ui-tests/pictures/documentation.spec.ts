import path from 'node:path';
import { expect, test } from '@jupyterlab/galata';
import { makeNotebook } from '../notebooks';
import { JobsPanel } from '../pages/jobs-panel';
import { LabNotebookPage } from '../pages/lab-notebook-page';

const IMAGES = path.join(__dirname, '..', '..', 'docs', 'images');

test.use({ viewport: { width: 1280, height: 800 } });

const MODEL = `import numpy as np

def walk(steps, seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(steps, 2)).cumsum(axis=0)

steps = 4000`;

const PLOT = `import matplotlib.pyplot as plt

paths = [walk(steps, seed) for seed in range(4)]
fig, ax = plt.subplots(figsize=(7, 2.3))
for path in paths:
    ax.plot(*path.T, linewidth=0.8)
ax.set_title("Four random walks, made on the cluster")
plt.show()
farthest = max(float(np.hypot(*path[-1])) for path in paths)
print(f"farthest end: {farthest:.1f}")`;

const LONG = `import time

for epoch in range(1, 1000):
    print(f"epoch {epoch}: loss {1 / epoch:.3f}", flush=True)
    time.sleep(1)`;

test('the cell and the panel, for the README', async ({ page, tmpPath }) => {
  const content = makeNotebook([MODEL, PLOT, LONG], { target: 'testbed' });
  const notebook = await LabNotebookPage.create(page, `${tmpPath}/walks.ipynb`, content);
  const panel = new JobsPanel(page);
  await panel.open();
  await notebook.runHere(1);
  await expect(notebook.prompt(1)).toHaveText('[1]:');
  await notebook.runOnSlurm(2, 'testbed');
  await expect(notebook.outputs(2).locator('img')).toBeVisible();
  await expect(notebook.prompt(2)).toHaveText('[2]:');
  await notebook.runOnSlurm(3, 'testbed');
  await expect(notebook.outputs(3)).toContainText('epoch 3');
  await page.sidebar.close('left');
  await notebook.cell(3).scrollIntoViewIfNeeded();
  await page.screenshot({ path: path.join(IMAGES, 'cell-and-panel.png') });
  await panel.press('Cancel', 'import time');
  await expect(notebook.line(3)).toContainText('canceled');
});
