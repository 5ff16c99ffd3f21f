import { renderSection, renderValue } from '../measure/render-section.ts';

describe('renderSection', () => {
  const text = renderSection({
    title: 'road: tuned',
    figures: [
      {
        name: 'request to first output',
        unit: 'ms',
        ours: { label: 'Sluice', values: [900, 1100, 1000] },
        beside: { label: 'sbatch', values: [800, 800, 800] },
        wanted: 1.2
      },
      {
        name: 'a cell',
        unit: 'ms',
        ours: { label: 'Sluice', values: [100] },
        beside: { label: 'SlurmRay', values: [12_000] },
        wanted: 0.1,
        earlier: 'version 9'
      }
    ],
    notes: ['Slurm 22']
  });
  const rows = text.split('\n').filter(line => line.startsWith('|'));

  it('marks what is over its target in words', () => {
    expect(rows[2]).toContain('| Sluice 1000 ms | sbatch 800 ms');
    expect(rows[2]).toMatch(
      /\| 1\.25 +\| 1\.25 \[1\.19–1\.31\] \(1\.13–1\.38, n 3\) +\| ≤ 1\.2 +\| OVER +\|$/
    );
  });

  it('says which values are not of this run', () => {
    expect(rows[3]).toContain('SlurmRay 12000 ms; not in this run: version 9');
    expect(rows[3]).toMatch(/\| 0\.0083 .*as wanted +\|$/);
  });

  it('aligns every row, and ends with the notes', () => {
    expect(new Set(rows.map(row => row.length)).size).toBe(1);
    expect(text.trimEnd().split('\n').at(-1)).toBe('- Slurm 22');
  });
});

describe('renderValue', () => {
  it.each([
    [1234.5, '1235'],
    [42.04, '42.0'],
    [0.1234, '0.123']
  ])('shows %d as %s', (value, text) => {
    expect(renderValue(value)).toBe(text);
  });
});
