import { CalledDefinitions } from '../called-definitions';
import { definitionsOf } from '../definitions-of';

const MODULE = `import gzip

def load_births():
    return read("births.dat")

def load_deaths():
    return read("deaths.dat")

def read(path):
    return gzip.open(path)

def main():
    load_deaths()

if __name__ == "__main__":
    main()
`;

const idle = (text: string, start: string[], line: number, isDynamic = false): string | null =>
  new CalledDefinitions(
    new Map([['/p/m.py', { module: 'm', definitions: definitionsOf(text) }]]),
    new Set(start),
    isDynamic
  )
    .idleIn('/p/m.py')
    .find(({ firstLine, lastLine }) => firstLine <= line && line <= lastLine)?.name ?? null;

const lineOf = (text: string, part: string): number =>
  text.slice(0, text.indexOf(part)).split('\n').length;

/** A function that runs some lines and one that reads a file, at line 5. */
const looking = (lines: string): string =>
  `${lines.split('\n')[0]}\ndef g(n):\n    ${lines.split('\n')[1]}\ndef f():\n    open("a")\ng(1)\n`;

describe('which functions of a module may run', () => {
  it('a function that the cell names, and what that calls', () => {
    expect(idle(MODULE, ['load_births'], lineOf(MODULE, '"births.dat"'))).toBeNull();
    expect(idle(MODULE, ['load_births'], lineOf(MODULE, 'gzip.open'))).toBeNull();
  });

  it('not one that only the guarded main program calls', () => {
    expect(idle(MODULE, ['load_births'], lineOf(MODULE, '"deaths.dat"'))).toBe('load_deaths');
    expect(idle(MODULE, ['main'], lineOf(MODULE, '"deaths.dat"'))).toBeNull();
  });

  it('what runs at import always may', () => {
    const text = 'A = open("a.txt")\ndef f():\n    return open("b.txt")\nB = f()\n';
    expect(idle(text, [], 1)).toBeNull();
    expect(idle(text, [], 3)).toBeNull();
  });

  it('defaults belong to their function', () => {
    const text = 'def f(path="a.txt"):\n    return open(path)\n';
    expect(idle(text, [], 1)).toBe('f');
  });

  it.each([
    ['a decorator may register it', '@register\ndef f():\n    open("a")\n', 3],
    ['a string may spell it', 'KINDS = ["f"]\ndef f():\n    open("a")\n', 3],
    ['a table may hold it', 'KINDS = {"a": f}\ndef f():\n    open("a")\n', 3],
    ['Python calls it', 'def __getattr__(name):\n    open("a")\n', 2],
    ['names of a module may be computed', looking('import m\ngetattr(m, n)()'), 5],
    ['of one relative to this', looking('from . import m\nvars(m)[n]()'), 5],
    ['of any module', looking('import sys\ngetattr(sys.modules[k], n)()'), 5],
    ['the namespace may be read', looking('\nglobals()[n]()'), 5]
  ])('%s', (_, text, line) => {
    expect(idle(text, [], line)).toBeNull();
  });

  it.each([
    ['a constant name', 'import m\ngetattr(m, "h")()'],
    ['an object that is no module', '\ngetattr(n, k)()'],
    ['a module that is installed', 'import numpy as np\ngetattr(np, n)()']
  ])('%s is no look-up', (_, lines) => {
    expect(idle(looking(lines), [], 5)).toBe('f');
  });

  it('a look-up in code that nothing calls is none', () => {
    const text = 'import m\ndef g(n):\n    getattr(m, n)()\ndef f():\n    open("a")\n';
    expect(idle(text, [], 5)).toBe('f');
    expect(idle(text, ['g'], 5)).toBeNull();
  });

  it('methods by their name or that of their class', () => {
    const text = 'class A:\n    def f(self):\n        open("a")\n';
    expect(idle(text, [], 3)).toBe('f');
    expect(idle(text, ['f'], 3)).toBeNull();
    expect(idle(text, ['A'], 3)).toBeNull();
  });

  it('functions inside a function belong to it', () => {
    const text = 'def f():\n    def g():\n        open("a")\n    return g\n';
    expect(idle(text, [], 3)).toBe('f');
    expect(idle(text, ['f'], 3)).toBeNull();
  });

  it('a cell that looks names up while it runs may call anything', () => {
    expect(idle(MODULE, ['load_births'], lineOf(MODULE, '"deaths.dat"'), true)).toBeNull();
  });
});
