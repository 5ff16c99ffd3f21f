import { importsOf } from '../imports-of';

/** `level:module:names`, with `?` for what a source can do without. */
const found = (source: string): string[] =>
  importsOf(source).imports.map(
    ({ level, module, names, isOptional }) =>
      `${'.'.repeat(level)}${module}${names ? `:${names.join(',')}` : ''}${isOptional ? '?' : ''}`
  );

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
      ['importlib:import_module', '.c']
    ],
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

  it('tells of imports that only running them names', () => {
    const { dynamic } = importsOf('import importlib\nimportlib.import_module("plug_" + name)');
    expect(dynamic).toEqual([{ text: 'importlib.import_module("plug_" + name)', line: 2 }]);
  });

  it('reads constant folders put on sys.path', () => {
    const source = 'sys.path.append("my lib")\nsys.path.insert(0, r"b\\c")\nsys.path.append(x)';
    expect(importsOf(source).pathEntries).toEqual([
      { folder: 'my lib', isFirst: false },
      { folder: 'b\\c', isFirst: true }
    ]);
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
    ['str(Path(unknown) / "lib")', null],
    ['Path(*parts)', null],
    ['str(again)', null],
    ['"a" + "b"', null]
  ])('reads the folder %s', (expression, folder) => {
    const again = 'again = "x"\n' + 'again = Path(again) / again\n'.repeat(60);
    const source = `base = "base"\nhere = Path.cwd() / base\n${again}sys.path.append(${expression})`;
    const found = importsOf(source).pathEntries;
    expect(found).toEqual(folder === null ? [] : [{ folder, isFirst: false }]);
  });

  it('reads __all__', () => {
    expect(importsOf("__all__ = ['a', 'b']").exported).toEqual(['a', 'b']);
    expect(importsOf("__all__ = ('a', 'b')").exported).toEqual(['a', 'b']);
  });
});
