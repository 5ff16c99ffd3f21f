import { expect, test } from '@jupyterlab/galata';
import { makeNotebook } from '../notebooks';
import { LabNotebookPage } from '../pages/lab-notebook-page';

/** Prints, waits long enough to be seen at work, prints again and leaves a variable. */
const SLOW = [
  'import time',
  'print("first line", flush=True)',
  'time.sleep(4)',
  'print("last line")',
  'answer = 6 * 7',
  'answer'
].join('\n');

for (const target of ['here', 'testbed']) {
  test(`a cell runs on ${target} and its outputs come before the job ends`, async ({
    page,
    tmpPath
  }) => {
    const content = makeNotebook([SLOW, 'print("here", answer)'], { target });
    const notebook = await LabNotebookPage.create(page, `${tmpPath}/run.ipynb`, content);
    await notebook.runOnSlurm(1, target);
    await expect(notebook.prompt(1)).toHaveText('[*]:');
    await expect(notebook.line(1)).toContainText('running');
    await expect(notebook.outputs(1).first()).toHaveText('first line\n');
    await expect(notebook.outputs(1).first()).toHaveText('first line\nlast line\n');
    await expect(notebook.outputs(1).nth(1)).toHaveText('42');
    await expect(notebook.prompt(1)).toHaveText('[1]:');
    await expect(notebook.line(1)).toHaveText('');
    await notebook.runHere(2);
    await expect(notebook.outputs(2)).toHaveText('here 42\n');
  });
}
