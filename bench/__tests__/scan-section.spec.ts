import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeScanProject } from '../capture/scan-project.ts';
import { scanSection } from '../capture/scan-section.ts';
import { compare } from '../measure/compare.ts';

describe('scanSection', () => {
  it('holds a half and a tenth of SlurmRay’s time against ours', () => {
    const rounds = [{ coldMs: 40, warmMs: 11, slurmrayMs: 100 }];
    const { figures } = scanSection([{ modules: 50, files: 57, rounds }], '9');
    expect(figures.map(figure => compare(figure).verdict)).toEqual(['within', 'over']);
  });
});

describe('makeScanProject', () => {
  it('makes modules that lead to each other', async () => {
    const root = await mkdtemp(join(tmpdir(), 'scan-project-'));
    try {
      expect(await makeScanProject(root, 25)).toBe(25 + 3 + 2);
      const part = await readFile(join(root, 'app/group1/part9.py'), 'utf8');
      expect(part).toContain('from ..group2 import part0');
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
});
