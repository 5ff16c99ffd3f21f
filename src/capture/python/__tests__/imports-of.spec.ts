import { textsOf, UNKNOWN } from '../expression-texts';
import { importsOf } from '../imports-of';
import { sourceFacts } from '../source-facts';

/** `level:module:names`, with `?` for what a source can do without. */
const found = (source: string): string[] =>
  importsOf(source).imports.map(
    ({ level, module, names, isOptional }) =>
      `${'.'.repeat(level)}${module}${names ? `:${names.join(',')}` : ''}${isOptional ? '?' : ''}`
  );

const NOTEBOOK = {
  file: null,
  cwd: '.',
  module: null,
  package: null,
  names: {},
  parameters: {},
  constants: {}
};

describe('importsOf', () => {
  it.each([
    ['import a', ['a']],
    ['import a.b as c, d', ['a.b', 'd']],
    ['from a.b import c as d, e', ['a.b:c,e']],
    ['from a import (\n  b,  # why\n  c,\n)', ['a:b,c']],
    ['from . import b', ['.:b']],
    ['from ...p.q import x', ['...p.q:x']],
    ['from .... import x', ['....:x']],
    ['from a import *', ['a:*']],
    ['def f():\n    import lazy', ['lazy']],
    ['if sys.platform == "x":\n    import a\nelse:\n    import b', ['a', 'b']],
    ['try:\n    import a\nexcept ImportError:\n    import b', ['a?', 'b']],
    ['try:\n    import a\nexcept ValueError:\n    pass', ['a']],
    ['try:\n    import a\nfinally:\n    import b', ['a', 'b']],
    ['if TYPE_CHECKING:\n    import a\nelse:\n    import b', ['b']],
    ['if typing.TYPE_CHECKING:\n    from a import b', []],
    ['if not TYPE_CHECKING:\n    import a', ['a']],
    ['importlib.import_module("a.b")', ['a.b']],
    [
      'from importlib import import_module\nimport_module(".c", package="p")',
      ['importlib:import_module', 'p.c']
    ],
    ['import importlib as il\nil.import_module(name="a")', ['importlib', 'a']],
    ['from importlib import import_module as load\nload("a")', ['importlib:import_module', 'a']],
    ['import_module(".c", __package__)', ['.c']],
    ['import_module("..c", "p.q")', ['p.c']],
    ['__import__("a.b", fromlist=["c", "d"])', ['a.b:c,d']],
    ['importlib.util.find_spec("a")', ['a?']],
    ['attach(__name__, submodules=["a"], submod_attrs={"b": ["f"]})', ['.a?', '.b?', '.f?']],
    ['from typing import TYPE_CHECKING as T\nif T:\n    import a', ['typing:TYPE_CHECKING']],
    ['if not TYPE_CHECKING:\n    import a\nelse:\n    import b', ['a']],
    ['if x:\n    pass\nelif TYPE_CHECKING:\n    import a\nelse:\n    import b', ['b']],
    ['with suppress(ImportError):\n    import a', ['a?']],
    ['try:\n    import a\nexcept (\n    KeyError,\n    ImportError\n):\n    pass', ['a?']],
    ['try:\n    def f():\n        import a\nexcept ImportError:\n    pass', ['a']],
    ['import \ufb01le\nfrom \u210c import x', ['file', 'H:x']],
    ['__import__("a")', ['a']],
    ['"import a"\n# import b\nx = """\nimport c\n"""', []],
    ['import a.\nimport b', ['a', 'b']],
    ['def (:\nimport a', ['a']],
    ['x = [1,\nimport a\nfrom b import c', ['a', 'b:c']],
    ['match x:\n  case {"k": [y, *_]}:\n    import a', ['a']],
    ['import é_ü', ['é_ü']]
  ])('%j', (source, expected) => {
    expect(found(source)).toEqual(expected);
  });

  it.each([
    ['import_module("plug_" + name)', `plug_${UNKNOWN}`],
    ['import_module(f"plug_{name}")', `plug_${UNKNOWN}`],
    ['import_module("plug_%s" % name)', `plug_${UNKNOWN}`],
    ['import_module("a.{}.b".format(name))', `a.${UNKNOWN}.b`],
    ['import_module(f"{__name__}.{name}")', `pkg.${UNKNOWN}`],
    ['import_module(f".{name}", __package__)', `.${UNKNOWN}`],
    ['import_module(chosen)', 'plug'],
    ['import_module(name)', UNKNOWN],
    ['import_module()', null]
  ])('tells of an import that only running it names: %s', (call, text) => {
    const { imports, paths } = sourceFacts(`chosen = "plug"\n${call}`);
    expect(imports.imports).toEqual([]);
    expect(imports.dynamic).toMatchObject([{ text: call, line: 2, isMain: false }]);
    const [{ name } = { name: null }] = imports.dynamic;
    const { names, parameters } = paths;
    const scope = { ...NOTEBOOK, module: 'pkg', names, parameters };
    expect(name && textsOf(name, scope)).toEqual(text === null ? null : [text]);
  });

  it('keeps apart what only a script imports', () => {
    const source = 'import a\nif __name__ == "__main__":\n    import b\nimport c';
    const { imports } = importsOf(source);
    expect(imports.map(({ module, isMain }) => [module, isMain])).toEqual([
      ['a', false],
      ['b', true],
      ['c', false]
    ]);
  });

  it.each([
    ['sys.path.append("my lib")', ['my lib']],
    ['sys.path.insert(0, r"b\\c")', ['b\\c first']],
    ['sys.path.extend(["a", "b"])', ['a', 'b']],
    ['sys.path += ["a"]', ['a']],
    ['sys.path[:0] = ["a"]', ['a first']],
    ['sys.path = ["a"] + sys.path + ["b"]', ['a first', 'b']],
    ['site.addsitedir("a")', ['a']],
    ['from sys import path\npath.append("a")', ['a']],
    ['other.path.append("a")', []],
    ['sys.path.append(x)', [UNKNOWN]]
  ])('reads the folders put on sys.path: %s', (source, expected) => {
    const found = importsOf(source).pathEntries.flatMap(({ folder, isFirst }) =>
      textsOf(folder, NOTEBOOK).map(text => `${text}${isFirst ? ' first' : ''}`)
    );
    expect(found).toEqual(expected);
  });

  it.each([
    ['os.path.join("my lib", "sub")', 'my lib/sub'],
    ['os.path.abspath("lib")', 'lib'],
    ['os.path.join(os.getcwd(), "lib")', './lib'],
    ['str(Path("lib").resolve())', 'lib'],
    ['str(Path.cwd() / "my lib" / "sub")', './my lib/sub'],
    ['str((pathlib.Path("a", "b") / "..").absolute())', 'a/b/..'],
    ['Path("a/b").parent.joinpath("c").as_posix()', 'a/b/../c'],
    ['str(here / "lib")', './base/lib'],
    ['os.path.join(os.environ["HOME"], "lib")', null],
    ['os.path.join(os.path.dirname(__file__), "..", "lib")', '/p/m.py/../../lib'],
    ['str(Path(__file__).resolve().parents[1] / "lib")', '/p/m.py/../../lib'],
    ['str(Path(unknown) / "lib")', null],
    ['"a" + "b"', 'ab']
  ])('reads the folder %s', (expression, folder) => {
    const again = 'again = "x"\n' + 'again = Path(again) / again\n'.repeat(60);
    const source = `base = "base"\nhere = Path.cwd() / base\n${again}sys.path.append(${expression})`;
    const { imports, paths } = sourceFacts(source);
    const { names, parameters } = paths;
    const found = imports.pathEntries.flatMap(each =>
      textsOf(each.folder, { ...NOTEBOOK, file: '/p/m.py', names, parameters })
    );
    const known = found.filter(text => !text.includes(UNKNOWN));
    expect(known).toEqual(folder === null ? [] : [folder]);
  });

  it('reads __all__', () => {
    expect(importsOf("__all__ = ['a', 'b']").exported).toEqual(['a', 'b']);
    expect(importsOf("__all__ = ('a', 'b')").exported).toEqual(['a', 'b']);
  });
});
