import { sha256 } from '../sha256';
import type { TreeEntry } from '../shipment';
import { changeOf, type KnownTree, nearestTree, parseManifest } from '../tree-change';

/** A tree from its files' contents; `!` at the end of a name makes it a program. */
function tree(files: Record<string, string>): KnownTree {
  const entries = Object.entries(files)
    .map(([name, text]): TreeEntry => {
      const executable = name.endsWith('!');
      const place = executable ? name.slice(0, -1) : name;
      return { place, sha256: sha256(text), bytes: text.length, executable };
    })
    .sort((a, b) => (a.place < b.place ? -1 : 1));
  const lines = entries.map(e => JSON.stringify([e.place, e.sha256, e.bytes, e.executable]));
  const manifest = lines.map(line => `${line}\n`).join('');
  return { hash: sha256(manifest), entries, manifest };
}

const places = (entries: readonly TreeEntry[]): string[] => entries.map(({ place }) => place);

describe('changeOf', () => {
  it('names an edited file only', () => {
    const change = changeOf(tree({ 'm/a': '1', 'm/b': '2' }), tree({ 'm/a': '1', 'm/b': '3' }));
    expect(places(change.changed)).toEqual(['m/b']);
    expect(change.removed).toEqual(['m/b']);
    expect(change.edits).toEqual(['d 2', expect.stringMatching(/^a 1 \["m\/b"/)]);
  });

  it('removes whole folders, so that no empty one is found as a package', () => {
    const before = tree({ 'm/p/q/a': '1', 'm/p/b': '2', 'm/c': '3', 'm/d': '4' });
    expect(changeOf(before, tree({ 'm/c': '3' })).removed).toEqual(['m/p', 'm/d']);
  });

  it.each([
    ['a file becomes a folder', { 'm/a': '1' }, { 'm/a/b': '1' }, ['m/a'], ['m/a/b']],
    ['a folder becomes a file', { 'm/a/b': '1' }, { 'm/a': '1' }, ['m/a'], ['m/a']],
    ['a file becomes a program', { 'm/a': '1' }, { 'm/a!': '1' }, ['m/a'], ['m/a']]
  ])('%s', (_, before, after, removed, changed) => {
    const change = changeOf(tree(before), tree(after));
    expect(change.removed).toEqual(removed);
    expect(places(change.changed)).toEqual(changed);
  });
});

describe('nearestTree', () => {
  it('is the one with most of the bytes, or none', () => {
    const wanted = tree({ 'm/a': 'x'.repeat(9000), 'm/b': '2' });
    const near = tree({ 'm/a': 'x'.repeat(9000), 'm/b': '3' });
    const far = tree({ 'm/a': '1', 'm/b': '2' });
    expect(nearestTree([far, near], wanted.entries)).toBe(near);
    expect(nearestTree([tree({ 'm/z': '1' })], wanted.entries)).toBeNull();
  });
});

describe('parseManifest', () => {
  it('reads what was written, and refuses what leads elsewhere or is none', () => {
    const { hash, manifest, entries } = tree({ 'm/a': '1', 'm/b!': '2' });
    const text = `${manifest}["work/out"]\n`;
    expect(parseManifest(hash, text)).toEqual({ hash, manifest: text, entries });
    for (const place of ['../a', '/a', 'a//b', 'a/./b', 'a\0b', '']) {
      expect(parseManifest('h', `${JSON.stringify([place, 'x', 1, false])}\n`)).toBeNull();
    }
    expect(parseManifest('h', 'half a li\n')).toBeNull();
    expect(parseManifest('h', '[1,2]\n')).toBeNull();
  });
});
