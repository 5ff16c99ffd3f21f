import { buildManifest } from '../../../capture/manifest';
import type { EarlierFile } from '../../store/file-store';
import { sha256 } from '../../sync/sha256';
import { deepen, legacyOf, MOST_INHERITED_FILES } from '../inherited';

const folder = '/home/me/project/nb';
const manifest = buildManifest({ roots: [], modules: [], files: [], cwd: folder }, sha256);

const file = (path: string, change: Partial<EarlierFile> = {}): EarlierFile => ({
  task: 'sl-1',
  cwd: '',
  path,
  bytes: 10,
  state: 'there',
  ...change
});

const legacy = (earlier: EarlierFile[], given = manifest) =>
  legacyOf({ earlier, manifest: given, folder, runs: '/root/runs', attemptOf: () => 2 });

describe('what earlier cells left for a later one', () => {
  it('lies at the same place as seen from the notebook', () => {
    expect(
      legacy([file('plots/a.png'), file('b.pt', { task: 'sl-2', cwd: 'nb' })]).inherited
    ).toEqual([
      { from: '/root/runs/sl-1/attempts/2/work/plots/a.png', to: 'plots/a.png' },
      { from: '/root/runs/sl-2/attempts/2/work/nb/b.pt', to: 'b.pt' }
    ]);
  });

  it('gives work/ the folders that it needs above', () => {
    const given = {
      ...manifest,
      files: [{ from: 'files/x.csv', to: 'x.csv', mode: 420 }],
      folders: ['figs']
    };
    const found = legacy([file('../../data/a.csv', { cwd: 'project/nb' }), file('b.csv')], given);
    expect(found.manifest).toMatchObject({
      cwd: 'project/nb',
      files: [{ from: 'files/x.csv', to: 'project/nb/x.csv' }],
      folders: ['project/nb/figs'],
      hash: manifest.hash
    });
    expect(found.inherited).toEqual([
      { from: '/root/runs/sl-1/attempts/2/work/data/a.csv', to: 'data/a.csv' },
      { from: '/root/runs/sl-1/attempts/2/work/b.csv', to: 'project/nb/b.csv' }
    ]);
  });

  it('never stands in for what travels', () => {
    const given = { ...manifest, files: [{ from: 'files/a.csv', to: 'a.csv', mode: 420 }] };
    expect(legacy([file('a.csv'), file('b.csv')], given).inherited.map(({ to }) => to)).toEqual([
      'b.csv'
    ]);
  });

  it.each(['dismissed', 'gone', 'refused'] as const)('is nothing that is %s', state => {
    expect(legacy([file('a', { state })]).inherited).toEqual([]);
  });

  it('has limits, with a note', () => {
    const large = legacy([file('a'), file('b', { bytes: 6e9 }), file('c')]);
    expect(large.inherited.map(({ to }) => to)).toEqual(['a', 'c']);
    expect(large.notes).toMatchObject([
      { kind: 'file', name: 'b', text: expect.any(String) as string }
    ]);
    const many = Array.from({ length: MOST_INHERITED_FILES + 3 }, (_, i) => file(`f${i}`));
    expect(legacy(many).inherited).toHaveLength(MOST_INHERITED_FILES);
    expect(legacy(many).notes[0]?.text).toContain('and 2 more');
  });

  it('goes no higher than there are folders', () => {
    expect(deepen(manifest, '/nb', 3).cwd).toBe('nb');
    expect(
      legacyOf({
        earlier: [file('../../../x', { cwd: 'a/b/c' })],
        manifest,
        folder: '/nb',
        runs: '/root/runs',
        attemptOf: () => 0
      }).inherited
    ).toEqual([]);
  });
});
