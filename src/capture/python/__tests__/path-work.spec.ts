import { FolderNames } from '../folder-names';
import type { IFileTree } from '../../file-tree';
import type { NamedSource } from '../data-files';
import { ModuleIndex } from '../module-index';
import { candidatesOf } from '../path-candidates';
import { PathValues } from '../path-values';
import { sourceFacts } from '../source-facts';
import { WorkBudget } from '../work-budget';

const each = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const sourceOf = (who: string, text: string): NamedSource => ({
  who,
  facts: sourceFacts(text).paths,
  file: `/nb/${who}`,
  root: '/nb',
  package: null
});

/** What the paths of sources cost, and what they may be. */
function follow(texts: Record<string, string>, steps = 5_000_000) {
  const sources = Object.entries(texts).map(([who, text]) => sourceOf(who, text));
  const budget = new WorkBudget(steps);
  const modules = new ModuleIndex(sources);
  const values = new PathValues({ modules, constants: {}, home: null, places: {}, budget });
  const found = sources.map(source =>
    source.facts.uses.map(({ path }) => values.of(path, source).map(({ text }) => text))
  );
  return { budget, values, sources, texts: found.flat(2) };
}

describe('how much is done for the paths of code', () => {
  it.each([
    [
      'a chain of joins under one name',
      `p = "a"\n${each(20_000, i => `p = os.path.join(p, "d${i}")\n`).join('')}open(p)\n`
    ],
    [
      'a chain of joins, each under a name of its own',
      `p0 = "a"\n${each(20_000, i => `p${i + 1} = os.path.join(p${i}, "d")\n`).join('')}open(p20000)\n`
    ],
    [
      'functions that give each other their paths',
      `${each(5000, i => `def f${i}(path):\n    open(path + "x")\n    f${(i * 7 + 1) % 5000}(path + "/a")\n    f${(i * 13 + 5) % 5000}("b" + path)\n`).join('')}f0("data")\n`
    ],
    [
      'functions that all call each other by one',
      `${each(3000, i => `def f${i}(path):\n    open(path)\n    g(path + "/${i}")\n`).join('')}def g(path):\n${each(3000, i => `    f${i}(path)\n`).join('')}g("data")\n`
    ],
    [
      'a table of strings',
      `X = [\n${each(30_000, i => `  "data/${i}.csv",\n`).join('')}]\nopen(X)\n`
    ],
    ['one call with very many arguments', `f(${each(20_000, i => `"a/${i}"`).join(', ')})\n`]
  ])('%s: in proportion to the code', (_, text) => {
    const { budget } = follow({ 'm.py': text });
    expect(budget.isSpent).toBe(false);
    expect(budget.used).toBeLessThan(3 * text.length);
  });

  it('ends where each name may be a thousand things, and says so', () => {
    const names = each(6, k => `a${k} = [${each(200, i => `"v${k}_${i}"`).join(', ')}]\n`).join('');
    const opens = each(50, i => `open(f"{a0}/{a1}/{a2}/{a3}/${i}.csv")\n`).join('');
    const { budget } = follow({ 'm.py': names + opens }, 20_000);
    expect(budget.isSpent).toBe(true);
    expect(budget.used).toBeLessThanOrEqual(20_000);
  });

  it('finds what names in a circle stand for, from wherever it is asked', () => {
    const text =
      'def a(path):\n    open(path)\n    b(path)\n' +
      'def b(path):\n    open(path)\n    c(path)\n' +
      'def c(way):\n    open(way)\n    a(way)\n' +
      'a("one.csv")\nb("two.csv")\nc("three.csv")\n';
    const { texts } = follow({ 'm.py': text });
    expect(new Set(texts)).toEqual(new Set(['one.csv', 'two.csv', 'three.csv']));
  });

  it('follows a path through more functions than people write', () => {
    const text = each(60, i => `def f${i}(p${i}):\n    f${i + 1}(p${i})\n`).join('');
    const { texts } = follow({ 'm.py': `${text}def f60(p60):\n    open(p60)\nf0("far.csv")\n` });
    expect(texts).toContain('far.csv');
  });

  it('says that a source names more paths than are looked at', () => {
    const line = (index: number): string => `open("data/${index}.csv")\n`;
    expect(sourceFacts(each(20_001, line).join('')).paths.isCut).toBe(true);
    expect(sourceFacts(each(20, line).join('')).paths.isCut).toBeUndefined();
  });

  it('makes nothing of texts that begin with nothing here', async () => {
    const files = { list: (): Promise<string[]> => Promise.resolve(['data']) };
    const here = await FolderNames.of(files as unknown as IFileTree, ['/nb']);
    const text = `${each(500, i => `open("text/${i}")\n`).join('')}open("data/x")\nopen("../y")\n`;
    const { sources, values } = follow({ 'm.py': text });
    const found = sources.flatMap(source => candidatesOf({ source, values, cwd: '/nb', here }));
    expect(found.map(({ absolute }) => absolute)).toEqual(['/nb/data/x', '/y']);
  });
});
