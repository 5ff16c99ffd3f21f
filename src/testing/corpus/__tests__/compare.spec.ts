import { compareCapture, type Found } from '../compare-capture';
import { compareRun } from '../compare-run';
import { parseCase } from '../parse-case';

const each = parseCase(
  'files/one',
  '# t\n# rule: a/b\n--- cell\n--- expect\nfiles: a.txt\nleft out: file b.txt :: large\nmanifest: ab\n'
);

const found = (change: Partial<Found>): Found => ({
  modules: [],
  files: [{ item: 'a.txt', reason: 'named by the cell' }],
  variables: [],
  packages: [],
  'left out': [{ item: 'file b.txt', reason: 'too large' }],
  notes: [],
  obstacles: [],
  manifest: 'sha256:abcd',
  ...change
});

describe('compareCapture', () => {
  it('finds nothing where all is as expected', () => {
    expect(compareCapture(each, found({}))).toEqual([]);
  });

  it('names what is missing, what is too much, and a reason that lacks its words', () => {
    const other = found({
      files: [],
      modules: [{ item: 'm.py', reason: 'imported' }],
      'left out': [{ item: 'file b.txt', reason: 'secret' }],
      manifest: 'sha256:cd'
    });
    expect(compareCapture(each, other)).toEqual([
      'modules: m.py is too much (imported)',
      'files: a.txt is missing',
      'left out: of file b.txt it is said “secret”, which lacks “large”',
      'manifest: sha256:cd instead of sha256:ab…'
    ]);
  });
});

describe('compareRun', () => {
  it.each([
    [{ kind: 'same' }, '1\n', '1\n', true],
    [{ kind: 'same' }, '1\n', '2\n', false],
    [{ kind: 'prints', text: '2' }, '1\n', '2\n', true],
    [{ kind: 'prints', text: '2' }, '1\n', '1\n', false],
    [{ kind: 'fails', with: 'NameError' }, '1\n', 'NameError: x\n', true],
    [{ kind: 'fails', with: 'NameError' }, '1\n', '1\n', false],
    [{ kind: 'refused' }, '1\n', '1\n', false]
  ] as const)('%j, here %j, there %j: %s', (expected, here, there, holds) => {
    expect(compareRun(expected, { here, there }) === null).toBe(holds);
  });
});
