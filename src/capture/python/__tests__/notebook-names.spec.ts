import { notebookNames } from '../notebook-names';

const CELLS = [
  'import numpy as np, os.path\nfrom helpers.io import load as read, unused\nimport helpers',
  'DATA = "data/x.csv"\nlimit = 3',
  '@cached\ndef clean(rows):\n    import lazy\n    return [r for r in rows if scale(r) < limit]\ndef scale(r):\n    return np.log(r)',
  '%matplotlib inline\nimport sys, other\nopen("no")\nROOT = "../src"\nsys.path.insert(0, ROOT)\nprint("after")'
];

const ask = (cell: string, change = {}) => notebookNames({ cellsAbove: CELLS, cell, ...change });
const names = (cell: string, change = {}): string[] =>
  ask(cell, change).variables.map(({ name }) => name);

describe('a saved notebook as if its cells had run', () => {
  it('knows imports from variables, and leaves what the cell makes itself', () => {
    const found = ask('y = read(DATA)\nz = y + limit\nprint(z)');
    expect(found.imports).toEqual([{ name: 'read', module: 'helpers.io', attribute: 'load' }]);
    expect(found.variables).toEqual([
      {
        name: 'DATA',
        type: 'unknown',
        why: 'read by the cell; its value is in a live kernel, made in cell 2'
      },
      {
        name: 'limit',
        type: 'unknown',
        why: 'read by the cell; its value is in a live kernel, made in cell 2'
      }
    ]);
    expect(found.constants).toEqual({ DATA: ['data/x.csv'] });
    expect(found.sources[0]).toEqual({
      name: 'cell 1',
      source: 'from helpers.io import load'
    });
  });

  it('takes functions with all that they read, at any depth', () => {
    const found = ask('clean([1])');
    expect(found.variables.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'clean function',
      'cached unknown',
      'scale function',
      'limit unknown'
    ]);
    expect(found.variables[1]?.why).toMatch(/^read by clean; no cell above makes it/);
    expect(found.imports).toEqual([{ name: 'np', module: 'numpy', attribute: null }]);
    expect(found.sources.map(({ name }) => name)).toEqual(['cell 1', 'cell 4', 'clean', 'scale']);
  });

  it('keeps what cells did to sys.path, with the names for it', () => {
    const [edit] = ask('1').sources;
    expect(edit).toEqual({
      name: 'cell 4',
      source: 'ROOT = "../src"\nsys.path.insert(0, ROOT)'
    });
  });

  it.each([
    ['%run -i "my script.py" 1', '1 + total', '`%run "my script.py"` in cell 1'],
    ['x = 1\nfrom pylab import *', 'total', '`import *` in cell 1'],
    ['x = 1', '%run prepare.py\ntotal', '`%run prepare.py` in the cell itself']
  ])('tells by what an unseen name may be made: %s', (above, cell, maker) => {
    expect(notebookNames({ cellsAbove: [above], cell }).variables).toEqual([
      {
        name: 'total',
        type: 'unknown',
        why: `read by the cell; perhaps made by ${maker}; its value is in a live kernel`
      }
    ]);
  });

  it('names what nobody makes, but no built-in that is nobody’s', () => {
    expect(names('print(unheard, _, display)')).toEqual(['unheard']);
    expect(notebookNames({ cellsAbove: ['list = 3'], cell: 'list' }).variables).toHaveLength(1);
  });

  it('adds and takes away what the person says', () => {
    expect(names('limit', { include: ['DATA'], exclude: ['limit'] })).toEqual(['DATA']);
  });

  it('binds a dotted import by its first part', () => {
    const found = ask('os.path.join("a", "b")');
    expect(found.imports).toEqual([{ name: 'os', module: 'os', attribute: null }]);
  });

  it('lets nothing stop it: broken cells, magics, other languages', () => {
    const cellsAbove = ['def f(:\n  return', '%%bash\nx=1\necho $x', '!ls\ny = 2', 'x = ('];
    expect(notebookNames({ cellsAbove, cell: 'y\nx' }).variables.map(v => v.name)).toEqual([
      'y',
      'x'
    ]);
  });
});
