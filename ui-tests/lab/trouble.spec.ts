import { expect, test } from '@jupyterlab/galata';
import { makeNotebook } from '../notebooks';
import { JobsPanel } from '../pages/jobs-panel';
import { LabNotebookPage } from '../pages/lab-notebook-page';

const TROUBLES = [
  {
    what: 'an unknown target',
    target: 'nowhere',
    sources: ['print("unknown target")'],
    words: 'There is no target named “nowhere”.',
    hint: /Use one of: .*here.*testbed/
  },
  {
    what: 'a syntax error',
    target: 'testbed',
    sources: ['print("broken"'],
    words: 'The cell has a syntax error in line 1',
    hint: /nothing was sent/
  },
  {
    what: 'a variable that cannot be sent',
    target: 'testbed',
    sources: ['import threading\nlock = threading.Lock()', 'lock.locked()'],
    words: 'The variable “lock”',
    hint: /Nothing was sent/
  }
];

for (const { what, target, sources, words, hint } of TROUBLES) {
  test(`${what} is told in the cell, with what to do, and stays in the panel`, async ({
    page,
    tmpPath
  }) => {
    const content = makeNotebook(sources, { target });
    const notebook = await LabNotebookPage.create(page, `${tmpPath}/trouble.ipynb`, content);
    const last = sources.length;
    if (last > 1) {
      await notebook.runHere(1);
      await expect(notebook.prompt(1)).toHaveText('[1]:');
    }
    await notebook.runOnSlurm(last, target);
    await expect(notebook.outputs(last)).toContainText(words);
    await expect(notebook.outputs(last)).toContainText(hint);
    await expect(notebook.line(last)).toContainText(words);
    await expect(notebook.prompt(last)).toHaveText('[ ]:');
    const panel = new JobsPanel(page);
    await panel.open();
    const row = panel.finished().filter({ hasText: sources[last - 1]!.split('\n')[0] });
    await expect(row.first()).toContainText('failed');
    await notebook.cell(last).getByRole('button', { name: 'Dismiss' }).click();
    await expect(notebook.line(last)).toHaveText('');
  });
}
