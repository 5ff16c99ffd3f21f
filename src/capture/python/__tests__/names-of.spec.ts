import { namesOf } from '../names-of';

/** Names read for sure, then those read on some ways only, with a question mark. */
function reads(source: string): string {
  return [...namesOf(source).reads]
    .map(([name, isSure]) => (isSure ? name : `${name}?`))
    .sort()
    .join(' ');
}

describe('the names that a cell reads before it binds them', () => {
  it.each([
    ['x = 1\nprint(x, y)', 'print y'],
    ['x += 1\ny: T = z\nw: U', 'T U x z'],
    ['a = b = c\na, (b, *d) = e\nd', 'c e'],
    ['x.y = 1\nz[i] = 2\n[m.n, o] = p', 'i m p x z'],
    ['(q := r) + q\nq', 'q? r'],
    ['del x\nx', 'x'],
    ['f(k=v, *s, **t)', 'f s t v'],
    ['f"{a!r:>{w}} {b=} {{c}}"', 'a b w'],
    ['"{a}".format(b)', 'b'],
    ['import a.b, c as d\nfrom e import (f as g, h)\na, d, g, h, b, c, f', 'b c f'],
    ['for i, (j, *k) in x:\n  i, j, k, y\ny = 1', 'x y'],
    ['for i in x:\n  pass\nprint(i)', 'i? print x'],
    ['while a:\n  b = 1\nb', 'a b?'],
    ['with a as b, c as d:\n  e = b, d\ne', 'a c'],
    ['if a:\n  b = 1\nelse:\n  b = 2\nb', 'a'],
    ['if a:\n  b = 1\nelif c:\n  b = 2\nb', 'a b? c'],
    ['if (n := a):\n  n\nn', 'a'],
    ['try:\n  import a\nexcept E:\n  a = None\na', 'E'],
    ['try:\n  import a\nexcept (E, F) as e:\n  e, a', 'E F a?'],
    ['try:\n  a = 1\nfinally:\n  b = 2\na, b', ''],
    ['try:\n  a = 1\nexcept E:\n  pass\nelse:\n  c = a\na, c', 'E a? c?'],
    ['[a for b in c if d for a in b]', 'c d'],
    ['[x for x in x]', 'x'],
    ['{k: v for k, v in z}, k', 'k z'],
    ['sum(h for h in i)\nh', 'h i sum'],
    ['lambda a, b=c, *d, **e: a + b + d + e + f', 'c f'],
    ['def f(a, b: T = c, *d) -> R:\n  e = a\n  return e, g\n', 'R T c'],
    ['def f():\n  return g\ng = 1\nf()', ''],
    ['def f():\n  return g\nf()\ng = 1', 'g'],
    ['def f():\n  return h()\ndef h():\n  return k\nf()', 'k'],
    ['def f():\n  global g\n  g = 1\n  return g\nf()', 'g'],
    ['def f():\n  def inner():\n    nonlocal x\n    x = y\n  x = 1\nf()', 'y'],
    ['@dec(z)\ndef f(): pass', 'dec z'],
    ['@dec\nclass A(B, metaclass=M):\n  x = y\n  def m(self):\n    return x, A', 'A? B M dec x y'],
    [
      'match v:\n  case A(x, k=z) if x > t:\n    z\n  case [a, *b] | {"k": a, **b}:\n    a, b',
      'A t v'
    ],
    ['type X[T] = list[T]\nX', 'list'],
    ['def f[T](a: T): pass', ''],
    ['from a import *\nb', 'b?'],
    ['print(x', 'print x'],
    ['async def f():\n  async with a as b:\n    await b\nawait f()', 'a']
  ])('%j', (source, expected) => {
    expect(reads(source)).toBe(expected);
  });
});

describe('what a cell makes of its names', () => {
  const bind = (source: string, name: string) => namesOf(source).binds.get(name);

  it('tells imports, texts, functions and the rest apart', () => {
    expect(bind('from a.b import c as d', 'd')).toEqual({
      kind: 'import',
      import: { name: 'd', level: 0, module: 'a.b', attribute: 'c' }
    });
    expect(bind('x = "data/y.csv"', 'x')).toEqual({ kind: 'constant', texts: ['data/y.csv'] });
    expect(bind('x = {"a": ["b", 1], "c": Path("d", "e")}', 'x')).toEqual({
      kind: 'constant',
      texts: ['a', 'b', 'c', 'd/e']
    });
    expect(bind('x = open("a")', 'x')).toEqual({ kind: 'value' });
    expect(bind('x = "a"\nx = 1', 'x')).toEqual({ kind: 'value' });
    expect(bind('@dec\ndef f(a):\n  return a + b', 'f')).toEqual({
      kind: 'function',
      source: '@dec\ndef f(a):\n  return a + b',
      reads: new Set(['dec', 'b'])
    });
    expect(bind('if x:\n  class A:\n    pass', 'A')).toMatchObject({ kind: 'class' });
  });
});
