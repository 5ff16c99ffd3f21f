import { parseCase } from '../parse-case';

const text = `# two files
# rule: files/open, files/names
# cwd: deep
# limit: 5
--- before
x = 1
--- before
y = 2
--- cell
print(open("a b.txt").read())
--- file a b.txt
text
--- bytes old.py
23 0a
--- repeat 3 long.py
x = 1
--- link now -> then
--- mode 755 a b.txt
--- edit a b.txt
other
--- options -i x
--- expect
files: a b.txt, line\\nbreak.txt
left out: file .env :: secret | name eval(a, b)
runs: prints: a\\n
`;

describe('parseCase', () => {
  it('reads every part', () => {
    const found = parseCase('files/two', text);
    expect(found).toMatchObject({
      area: 'files',
      title: 'two files',
      rules: ['files/open', 'files/names'],
      cwd: 'deep',
      limit: 5,
      before: ['x = 1\n', 'y = 2\n'],
      options: '-i x',
      changes: [{ kind: 'edit', path: 'a b.txt', content: Buffer.from('other\n') }],
      runs: { kind: 'prints', text: 'a\n' }
    });
    expect(found.items).toEqual([
      { kind: 'file', path: 'a b.txt', content: Buffer.from('text\n') },
      { kind: 'file', path: 'old.py', content: Buffer.from('#\n') },
      { kind: 'file', path: 'long.py', content: Buffer.from('x = 1\nx = 1\nx = 1\n') },
      { kind: 'link', path: 'now', target: 'then' },
      { kind: 'mode', path: 'a b.txt', mode: 0o755 }
    ]);
    expect(found.expected.files.map(({ item }) => item)).toEqual(['a b.txt', 'line\nbreak.txt']);
    expect(found.expected['left out']).toEqual([
      { item: 'file .env', reason: 'secret' },
      { item: 'name eval(a, b)', reason: null }
    ]);
    expect(found.expected.modules).toEqual([]);
  });

  it.each([
    ['without a rule', '# title\n--- cell\n--- expect\n', 'begins with'],
    ['without a cell', '# t\n# rule: a/b\n--- expect\n', 'needs `--- cell`'],
    ['with an unknown section', '# t\n# rule: a/b\n--- cell\n--- hat\n--- expect\n', '--- hat'],
    ['with an unknown list', '# t\n# rule: a/b\n--- cell\n--- expect\nfile: x\n', 'file: x'],
    ['with an unknown run', '# t\n# rule: a/b\n--- cell\n--- expect\nruns: well\n', 'well']
  ])('refuses a case %s', (_, broken, words) => {
    expect(() => parseCase('a/b', broken)).toThrow(words);
  });

  it('expects that obstacles forbid the run', () => {
    const refused = '# t\n# rule: a/b\n--- cell\n--- expect\nobstacles: syntax-error\n';
    expect(parseCase('a/b', refused).runs).toEqual({ kind: 'refused' });
  });
});
