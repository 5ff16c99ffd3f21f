import { blankMagics } from '../blank-magics';
import { importsOf } from '../imports-of';

const modules = (source: string): string[] =>
  importsOf(blankMagics(source)).imports.map(({ module }) => module);

describe('blankMagics', () => {
  it.each([
    ['a line magic', '%matplotlib inline\nimport a', ['a']],
    ['a shell line', '!pip list | grep "x\nimport a', ['a']],
    ['a continued shell line', '!ls \\\n  import b\nimport a', ['a']],
    ['an assignment from the shell', 'x = !ls *.py\nimport a', ['a']],
    [
      'a shell line that is all of a block',
      'if x:\n    !ls\nelse:\n    import a\nimport b',
      ['a', 'b']
    ],
    ['a question', 'len?\n?len\nimport a', ['a']],
    ['a timed statement', '%time import a\n%timeit -n 1 import b', ['a', 'b']],
    ['a cell magic around Python', '%%time\nimport a', ['a']],
    ['two of them', '%%slurm testbed\n%%time\nimport a', ['a']],
    ['a cell in another language', '%%bash\nimport a', []],
    ['a cell that is written to a file', '\n%%writefile m.py\nimport a', []],
    ['a remainder at the start of a line is only lost', 'x = (5\n % 2)\nimport a', ['a']]
  ])('%s', (_, source, expected) => {
    expect(modules(source)).toEqual(expected);
    expect(blankMagics(source)).toHaveLength(source.length);
    expect(blankMagics(source).split('\n')).toHaveLength(source.split('\n').length);
  });
});
