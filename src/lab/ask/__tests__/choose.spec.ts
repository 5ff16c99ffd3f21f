import { nullTranslator } from '@jupyterlab/translation';
import { ChoiceBody } from '../choose';
import { largeValueOf, largeValueQuestion } from '../large-value';
import { FilesBody } from '../undecided-files';

const trans = nullTranslator.load('x');

const obstacle = (details: Record<string, string | null>) => ({
  code: 'variable-too-large',
  details: { name: 'big', size: '3.1 GB', limit: '2 GB', ...details }
});

test('offers to make it there again, to send columns, to leave it out', () => {
  const value = largeValueOf([
    obstacle({
      recipe: '# In [3]\nbig = make()',
      recipeCells: '3, 5',
      columns: '["a", "b, c"]',
      columnsSize: '120 MB'
    })
  ])!;
  const question = largeValueQuestion(value, trans);
  expect(question.words).toBe('It has 3.1 GB; the limit is 2 GB.');
  expect(question.options).toEqual([
    {
      value: 'recompute',
      label: 'Make it there again by running the cells [3, 5]',
      code: '# In [3]\nbig = make()'
    },
    { value: 'columns', label: 'Send only the columns “a”, “b, c” (120 MB)' },
    { value: 'exclude', label: 'Leave it out' }
  ]);
});

test('says why it cannot be made there again', () => {
  const value = largeValueOf([obstacle({ recipe: null, recipeProblem: 'its cell is gone' })])!;
  const question = largeValueQuestion(value, trans);
  expect(question.words).toContain('cannot be made there again: its cell is gone');
  expect(question.options.map(option => option.value)).toEqual(['exclude']);
});

test('other obstacles are none of its business', () => {
  expect(largeValueOf([{ code: 'syntax-error', details: { line: 1 } }])).toBeNull();
});

test('the body is a named group of radio buttons with the first one chosen', () => {
  const value = largeValueOf([obstacle({ recipe: 'big = make()', recipeCells: '3' })])!;
  const body = new ChoiceBody(largeValueQuestion(value, trans));
  expect(body.node.tagName).toBe('FIELDSET');
  expect(body.node.querySelector('legend')!.textContent).toContain('It has 3.1 GB');
  expect(body.getValue()).toBe('recompute');
  const [, leave] = body.node.querySelectorAll('input');
  leave!.checked = true;
  expect(body.getValue()).toBe('exclude');
});

test('large files are ticked one by one, with what that sends', () => {
  const files = [
    { path: 'big.csv', bytes: 3_100_000_000, why: 'read in line 1' },
    { path: 'old.csv', bytes: 100_000_000, why: 'read in line 2' }
  ];
  const body = new FilesBody(files, trans);
  document.body.append(body.node);
  const sum = (): string => body.node.querySelector('[role="status"]')!.textContent;
  expect(body.node.textContent).toContain('read in line 2');
  expect([[...body.getValue()], sum()]).toEqual([
    ['big.csv', 'old.csv'],
    '3.2 GB would be sent, unless it is there already.'
  ]);
  for (const box of body.node.querySelectorAll('input')) {
    box.click();
  }
  expect([[...body.getValue()], sum()]).toEqual([[], 'None of them travels.']);
});
