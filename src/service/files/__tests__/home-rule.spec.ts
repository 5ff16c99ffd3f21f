import { type FileKind, kindOf } from '../kind-of';
import { chooseHome, HomeRule, MOST_HOME_FILES } from '../home-rule';

type Rule = { include: string[]; exclude: string[]; maxBytes: number | null; source: string };

const rule = (
  levels: Partial<Rule>[] = [],
  fetch: { include: string[]; none: boolean } = { include: [], none: false }
): HomeRule =>
  new HomeRule(
    { fetch },
    {
      fetchRules: levels.map(level => ({
        include: [],
        exclude: [],
        maxBytes: null,
        source: 'sluice.toml',
        ...level
      }))
    }
  );

const rank = (given: HomeRule, path: string): number | null => given.rankOf(path).rank;

describe('the kind of a file', () => {
  it.each<[string, FileKind]>([
    ['a.png', 'picture'],
    ['A.PDF', 'picture'],
    ['x/y.csv', 'table'],
    ['y.parquet', 'table'],
    ['train.log', 'log'],
    ['slurm-1.out', 'log'],
    ['runs/events.out.tfevents.17.host', 'log'],
    ['notes.md', 'text'],
    ['m.json', 'text'],
    ['best.pt', 'checkpoint'],
    ['a.safetensors', 'checkpoint'],
    ['a.tar.gz', 'archive'],
    ['Makefile', 'other'],
    ['png', 'other'],
    ['a.png.bak', 'other']
  ])('%s is a %s', (path, kind) => {
    expect(kindOf(path)).toBe(kind);
  });
});

describe('what comes home by itself', () => {
  it('is pictures, tables and logs first, then text; no checkpoint, archive or code', () => {
    const paths = ['a.png', 'a.csv', 'a.log', 'a.txt', 'a.pt', 'a.zip', 'a.py', 'a'];
    expect(paths.map(path => rank(rule(), path))).toEqual([2, 2, 2, 3, null, null, null, null]);
    expect(['a.py', 'a.pt', 'a.zip', 'a'].map(path => rule().rankOf(path).reason)).toEqual([
      'code comes only when it is fetched',
      'checkpoints come only when they are fetched',
      'archives come only when they are fetched',
      'comes only when it is fetched'
    ]);
  });

  it('is what the nearest rule says', () => {
    const near = { include: ['best.pt'], exclude: ['*.log'] };
    const far = { include: ['*.log', '*.pt'], exclude: ['*.png', 'best.pt'] };
    const given = rule([near, far]);
    expect(
      ['best.pt', 'last.pt', 'a.log', 'a.png', 'a.csv'].map(path => rank(given, path))
    ).toEqual([1, 1, null, null, 2]);
    expect(given.rankOf('a.png').reason).toContain('sluice.toml');
  });

  it('is what was asked for, whatever the rules say', () => {
    const given = rule([{ exclude: ['*'] }], { include: ['*.pt', '../up/x.bin'], none: true });
    expect(['a/b.pt', '../up/x.bin', 'a.png'].map(path => rank(given, path))).toEqual([0, 0, null]);
  });

  it('knows folders and places above the notebook’s folder', () => {
    const given = rule([{ exclude: ['cache/', '/top.csv'] }]);
    expect(
      ['cache/a.csv', 'x/cache/a.csv', '../cache/a.csv', 'top.csv', 'x/top.csv', '../a.csv'].map(
        path => rank(given, path)
      )
    ).toEqual([null, null, null, null, 2, 2]);
  });

  it('takes the nearest limit', () => {
    expect(rule().maxBytes).toBe(100e6);
    expect(rule([{}, { maxBytes: 5 }, { maxBytes: 7 }]).maxBytes).toBe(5);
  });

  it.each([
    [[{ include: [''] }], /fetch.include/],
    [[{ exclude: ['a\\'] }], /fetch.exclude/]
  ])('refuses a rule that means nothing', (levels, words) => {
    expect(() => rule(levels)).toThrow(words);
  });

  it('refuses a pattern of a task that means nothing', () => {
    expect(() => rule([], { include: [''], none: false })).toThrow(/--fetch/);
  });

  it('is as much as fits, and all that was asked for', () => {
    const files = [
      { path: 'asked', bytes: 1000, rank: 0 },
      { path: 'a', bytes: 10, rank: 2 },
      { path: 'b', bytes: 60, rank: 2 },
      { path: 'c', bytes: 70, rank: 2 },
      { path: 'd', bytes: 20, rank: 3 },
      { path: 'e', bytes: 20, rank: 3 }
    ];
    expect(chooseHome(files, 100)).toEqual(['asked', 'a', 'b', 'd']);
  });

  it('is no more files than a person looks through', () => {
    const files = Array.from({ length: 2 * MOST_HOME_FILES }, (_, i) => ({
      path: String(i),
      bytes: 0,
      rank: 2
    }));
    expect(chooseHome(files, 1)).toHaveLength(MOST_HOME_FILES);
  });
});
