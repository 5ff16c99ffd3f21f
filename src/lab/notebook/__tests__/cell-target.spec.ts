import type { NotebookPanel } from '@jupyterlab/notebook';
import { nullTranslator } from '@jupyterlab/translation';
import { FakeService } from '../../__tests__/fake-service';
import { codeCell, makeNotebook } from '../../__tests__/make-cell';
import { ChoiceBody } from '../../ask/choose';
import { targetQuestion } from '../../ask/target-question';
import { setCellTarget, targetChoice } from '../cell-target';

const trans = nullTranslator.load('x');

function openCell(source = 'print(1)', notebookTarget?: string) {
  const notebook = makeNotebook(source);
  if (notebookTarget !== undefined) {
    notebook.setMetadata('sluice', { target: notebookTarget });
  }
  const panel = { content: { model: notebook } } as unknown as NotebookPanel;
  return { panel, model: codeCell(notebook) };
}

test('the first line of the cell counts before its metadata, and that before the notebook’s', () => {
  const { panel, model } = openCell('print(1)', 'of-notebook');
  expect(targetChoice(panel, model)).toEqual({ by: 'notebook', target: 'of-notebook' });
  setCellTarget(model, 'of-cell');
  expect(targetChoice(panel, model)).toEqual({ by: 'cell', target: 'of-cell' });
  model.sharedModel.setSource('%%slurm of-line\n1');
  expect(targetChoice(panel, model)).toEqual({ by: 'magic', target: 'of-line' });
  const nobody = openCell();
  expect(targetChoice(nobody.panel, nobody.model)).toBeNull();
});

test('a choice is kept beside what else the cell holds, and taken back without a trace', () => {
  const { model } = openCell();
  model.setMetadata('sluice', { files: { include: ['a'], exclude: [] } });
  setCellTarget(model, 'testbed');
  expect(model.getMetadata('sluice')).toEqual({
    files: { include: ['a'], exclude: [] },
    target: 'testbed'
  });
  setCellTarget(model, null);
  expect(model.getMetadata('sluice')).toEqual({ files: { include: ['a'], exclude: [] } });
  model.setMetadata('sluice', { target: 'testbed' });
  setCellTarget(model, null);
  expect(model.getMetadata('sluice')).toBeUndefined();
});

test('the question says which target it is now, and who set it', async () => {
  const targets = await new FakeService().targets();
  const question = targetQuestion(targets, null, trans);
  expect(question.options.map(({ label }) => label)).toEqual([
    'testbed (this machine, without Slurm) · now, the default',
    'stranger (this machine, without Slurm)'
  ]);
  const ofCell = targetQuestion(targets, { by: 'cell', target: 'stranger' }, trans);
  expect(ofCell.options.map(({ label }) => label)).toEqual([
    'testbed (this machine, without Slurm)',
    'stranger (this machine, without Slurm) · now, set by this cell',
    'As the notebook says, else the default (testbed)'
  ]);
  expect(new ChoiceBody(ofCell).getValue()).toEqual({ target: 'stranger' });
  const unknown = targetQuestion(targets, { by: 'notebook', target: 'gone' }, trans);
  expect(unknown.words).toContain('“gone” (set by the notebook), which is not known here');
});
