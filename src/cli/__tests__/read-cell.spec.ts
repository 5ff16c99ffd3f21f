import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCell } from '../read-cell';

describe('a cell of a saved notebook', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cell-'));
    path = join(folder, 'n.ipynb');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const cells = [
    { cell_type: 'markdown', id: 'm', source: '# title' },
    { cell_type: 'code', id: 'one', source: ['a = 1\n', 'b = 2'] },
    { cell_type: 'code', id: '1', source: 'c', metadata: { sluice: { target: 'far' } } },
    { cell_type: 'code', source: 'no id' }
  ];
  const save = (content: unknown): void => {
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  };

  it('is found by its id, then by its number among the code cells', async () => {
    save({ cells });
    expect(await readCell(path, 'one')).toEqual({
      id: 'one',
      source: 'a = 1\nb = 2',
      target: null,
      above: []
    });
    const above = ['a = 1\nb = 2'];
    expect(await readCell(path, '1')).toEqual({ id: '1', source: 'c', target: 'far', above });
    const third = { id: null, source: 'no id', target: null, above: [...above, 'c'] };
    expect(await readCell(path, '3')).toEqual(third);
  });

  it.each([
    ['4', { cells }, /no code cell “4”; it has 3/],
    ['0', { cells }, /no code cell “0”/],
    ['m', { cells }, /no code cell “m”/],
    ['1', '{"cells": [', /is no notebook, since it is no JSON/],
    ['1', { worksheets: [] }, /format 4, since it has no cells/],
    ['1', 'null', /format 4/]
  ])('%s in %j is refused in words', async (name, content, words) => {
    save(content);
    await expect(readCell(path, name)).rejects.toThrow(words);
  });

  it('in a notebook of endless outputs is refused in words, without reading it', async () => {
    save('');
    truncateSync(path, 600_000_000);
    await expect(readCell(path, '1')).rejects.toThrow(/has 600\.0 MB; clear its outputs/);
  });

  it('beside far too much code is refused in words', async () => {
    save({ cells: [{ cell_type: 'code', source: 'x'.repeat(31_000_000) }, cells[1]] });
    await expect(readCell(path, 'one')).rejects.toThrow(/its code has 31\.0 MB/);
  });

  it('in a file that is not there is refused in words', async () => {
    await expect(readCell(join(folder, 'none'), '1')).rejects.toThrow(/there is no such file/);
  });
});
