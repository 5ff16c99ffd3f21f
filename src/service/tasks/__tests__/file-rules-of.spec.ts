import { fileRulesOf } from '../file-rules-of';

const none = { include: [], exclude: [] };
const target = { pathsHere: { data: '/here' }, paths: { data: '/there' } };

describe('fileRulesOf', () => {
  it('joins what configuration and request say', () => {
    const rule = { folder: '/p', include: ['data/'], exclude: ['*.tmp'], source: '/p/sluice.toml' };
    const files = { include: ['x.csv'], exclude: ['y.csv'] };
    expect(fileRulesOf({ files }, { ...target, fileRules: [rule] })).toMatchObject({
      configured: [rule],
      asked: files,
      places: { data: '/here' },
      placesThere: { data: '/there' }
    });
  });

  it.each(['', '  ', '../up.csv', 'a/../../b', 'trailing\\', 'a\nb'])(
    'refuses the pattern %j with its file and key',
    pattern => {
      const rule = { folder: '/p', include: [], exclude: [pattern], source: '/p/sluice.toml' };
      const refuse = (): unknown => fileRulesOf({ files: none }, { ...target, fileRules: [rule] });
      expect(refuse).toThrow(/\/p\/sluice\.toml cannot be used: exclude: /);
    }
  );

  it('refuses an empty path of a request', () => {
    const files = { include: [' '], exclude: [] };
    expect(() => fileRulesOf({ files }, { ...target, fileRules: [] })).toThrow(/names no file/);
  });
});
