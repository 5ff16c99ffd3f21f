import { parser } from '@lezer/python';
import { MemoryFactsCache } from '../facts-cache';
import { importsOf } from '../imports-of';
import { pathFactsOf } from '../path-facts';
import { siftSource } from '../sift-source';
import { sourceFacts } from '../source-facts';

const IDLE = `
@wrapped
def work(x, y=1):
    '''Add: "a" and 'b', # no comment.'''
    z = [x * j + y for j in range(10)]  # it's fine
    return sum(z) / (len(z) or 1)


class Idle(
    Base
):
    """More
    than a line."""
    value = 1
`;

/** Sources of which only imports count. */
const PLAIN = [
  `"""Doc."""\nimport a.b as c, d\nfrom . import e\nfrom ..f.g import h as i, j\n${IDLE}`,
  `from a import *\n__all__ = ['b', "c"]\n${IDLE}import z\n`,
  `import a\n${IDLE}\ndef lazy():\n    import b\n    from . import c\n${IDLE}`,
  `try:\n    import a\nexcept ImportError:\n    a = None\n${IDLE}`,
  `if TYPE_CHECKING:\n    import a\nelse:\n    import b\n${IDLE}`,
  `from a import (\n    b,\n    c as d,\n)\nimport e; import f\n${IDLE}`,
  'import ﬁle\nimport a.\n',
  ''
];

/** Sources that may name files, or that cannot be told apart without parsing. */
const WHOLE = [
  `p = "x.csv"\n${IDLE}`,
  `def f(where):\n    return open(where)\n`,
  `def f(base, name):\n    return base / name\n`,
  `def f(base, name):\n    return base + name\n`,
  `import sys\nsys.path.append(x)\n`,
  `import importlib\ndef f(n):\n    return importlib.import_module(n)\n`,
  `x = (\n    'text'\n)\n`,
  `def f(\n    a,\nb):\n    pass\n`,
  `def f(): pass \\\n\nimport a\n`,
  `def f(:\n    pass\nimport a\n`
];

describe('sourceFacts', () => {
  it.each(PLAIN)('tells of a source without files what parsing it all would: %j', source => {
    expect(siftSource(source)).toHaveLength(source.split('\n').length);
    const tree = parser.parse(source);
    const { imports, paths } = sourceFacts(source);
    const whole = importsOf(source, tree);
    expect({ ...imports, isBroken: false }).toEqual({ ...whole, isBroken: false });
    expect(paths.imported).toEqual(pathFactsOf(tree, source).imported);
    expect(paths.uses).toEqual([]);
  });

  it.each(WHOLE)('parses all of a source that may say more: %j', source => {
    const tree = parser.parse(source);
    const { imports, paths } = sourceFacts(source);
    expect(siftSource(source)).toBeNull();
    expect(imports).toEqual(importsOf(source, tree));
    expect(paths).toEqual(pathFactsOf(tree, source));
  });

  it('is plain data', () => {
    for (const source of [...PLAIN, ...WHOLE]) {
      const facts = sourceFacts(source);
      expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
    }
  });
});

describe('MemoryFactsCache', () => {
  it('forgets what was not asked for longest, and never takes more than it may', () => {
    const facts = sourceFacts('import a');
    const cache = new MemoryFactsCache(2000);
    cache.set('a', facts);
    cache.set('b', facts);
    cache.get('a');
    cache.set('b', facts);
    cache.get('a');
    cache.set('c', facts);
    expect(['a', 'b', 'c'].map(key => cache.get(key) !== undefined)).toEqual([true, false, true]);
  });
});
