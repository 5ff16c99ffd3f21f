import { parse } from 'smol-toml';
import { editTarget, targetTable } from '../edit-target';

const textOf = (edited: ReturnType<typeof editTarget>): string => {
  expect(edited).toHaveProperty('text');
  return 'text' in edited ? edited.text : '';
};

const ROOT = { key: 'root', value: '/scratch/me/sluice' };

describe('a target is written into a configuration', () => {
  it('at the end, all else as it was', () => {
    for (const before of ['default = "here"', 'default = "here"\n', '# mine\r\n[targets.a]\r\n']) {
      const text = textOf(editTarget(before, 'moon', [{ key: 'host', value: 'me@moon' }, ROOT]));
      expect(text.startsWith(before)).toBe(true);
      expect(parse(text)).toMatchObject({
        targets: { moon: { host: 'me@moon', root: '/scratch/me/sluice' } }
      });
    }
    expect(textOf(editTarget('', 'moon', [ROOT]))).toBe(targetTable('moon', [ROOT]));
  });

  it('in its own table, comments and other keys untouched', () => {
    const before = [
      '# my clusters',
      'default = "moon"   # the best',
      '[ targets.moon ] # here',
      'host = "moon"',
      '  root = "~/.sluice"  # too small',
      '',
      '# of the sun',
      '[targets.sun]',
      'root = "/sun"',
      '[targets.moon.paths]',
      'root = "/data"',
      ''
    ].join('\n');
    const edits = [ROOT, { key: 'partition', value: 'cpu' }];
    const text = textOf(editTarget(before, 'moon', edits));
    expect(text).toBe(
      before
        .replace('  root = "~/.sluice"  # too small', 'root = "/scratch/me/sluice" # too small')
        .replace('too small\n', 'too small\npartition = "cpu"\n')
    );
  });

  it('whatever its values and its name hold', () => {
    const edits = [
      { key: 'root', value: '/a "b" \\ #c\u007f' },
      { key: 'setup', value: ['module load "x"', 'echo ]'] }
    ];
    for (const name of ['moon', 'moon.example.org', 'a-b_c']) {
      const text = textOf(editTarget('x = 1\n', name, edits));
      expect(parse(text)).toMatchObject({
        x: 1,
        targets: { [name]: { root: edits[0]?.value, setup: edits[1]?.value } }
      });
      const again = textOf(editTarget(text, name, [ROOT]));
      expect(parse(again)).toMatchObject({ targets: { [name]: { root: ROOT.value } } });
      expect(again.match(/\[targets/g)).toHaveLength(1);
    }
  });

  it.each([
    ['an inline table', 'targets = { moon = { host = "m" } }\n'],
    ['dotted keys', 'targets.moon.root = "/x"\n'],
    ['a table that other words open', '["targets"."moon"]\nroot = "/x"\n'],
    ['a header that is only text', 'a = """\n[targets.moon]\nroot = "/x"\n"""\n[targets."moon"]\n'],
    ['a value of several lines', '[targets.moon]\nroot = """\n/x"""\n']
  ])('or not at all: %s', (_, before) => {
    expect(editTarget(before, 'moon', [ROOT])).toEqual({
      problem: expect.stringContaining('cannot be changed line by line') as string
    });
  });

  it('and never into what cannot be read', () => {
    expect(editTarget('default = \n', 'moon', [ROOT])).toEqual({
      problem: expect.stringContaining('it cannot be read') as string
    });
  });
});
