import type { Plan } from '../../shared/wire/plan';
import { planText } from '../print/plan-text';

const NOON = Date.parse('2026-03-04T12:00:00.000Z');
const HOUR_MS = 3_600_000;

const plan = (change: Partial<Plan> = {}): Plan => ({
  version: 1,
  target: 'moon',
  resources: { cpus: 2, time: '4:00:00' },
  environment: {},
  manifest: 'sha256:0',
  cell: { id: null, sha256: '0' },
  modules: [
    {
      path: 'pkg/\u001b[2Jb.py',
      root: '/x',
      module: 'pkg.b',
      bytes: 1500,
      sha256: '0',
      why: 'used'
    }
  ],
  files: [],
  variables: [
    { name: 'x', type: 'unknown', bytes: 0, format: 'unknown', why: 'read by the cell' },
    { name: 'y', type: 'list', bytes: 12, format: 'json', why: 'read by the cell' }
  ],
  packages: [],
  undecided: [],
  leftOut: [{ kind: 'file', name: '.env', reason: 'holds a secret' }],
  notes: [{ kind: 'file', name: '/far/data', text: 'found there, on moon' }],
  script: '#!/bin/sh\nexec python\n',
  submit: null,
  transfer: { files: 3, bytes: 2_500_000 },
  rehearsal: null,
  ...change
});

describe('a plan in a terminal', () => {
  it('begins with one sentence, then what may need a person, and ends with the script', () => {
    const text = planText(plan(), NOON);
    expect(text).toMatch(
      /^1 module, 2 variables, 2\.5 MB and what only a kernel holds would travel to moon; nothing was sent\.\n/
    );
    const places = ['Left out (1)', 'Worth a look (1)', 'Modules (1)', 'Variables (2)', 'Script'];
    const found = places.map(word => text.indexOf(word));
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(found[0]).toBeGreaterThan(0);
    expect(text).toContain('x     unknown  not known  unknown');
    expect(text).not.toContain('\u001b');
    expect(text).toMatch(/Script\n {2}#!\/bin\/sh\n {2}exec python\n$/);
  });

  it('says that only the cell would travel', () => {
    const bare = plan({ modules: [], variables: [], leftOut: [], notes: [] });
    expect(planText(bare, NOON)).toMatch(/^Only the cell itself would travel to moon/);
  });

  it('says that a size is not known where there is none to tell', () => {
    const variables = [
      { name: 'x', type: 'unknown', bytes: 0, format: 'unknown', why: 'read by the cell' }
    ];
    const text = planText(plan({ variables, modules: [], transfer: { files: 0, bytes: 0 } }), NOON);
    expect(text).toMatch(
      /^1 variable, of a size that only a kernel knows, would travel to moon; nothing was sent\.\n/
    );
  });

  it('says what a person has to decide before a run', () => {
    const undecided = [
      { path: 'a.bin', bytes: 80_000_000, why: '' },
      { path: 'b.bin', bytes: 60_000_000, why: '' }
    ];
    expect(planText(plan({ undecided }), NOON).split('\n')[1]).toBe(
      'A run is refused until you decide on 2 large files: a.bin (80.0 MB), b.bin (60.0 MB).'
    );
  });

  it('tells the start as asked beside that of less', () => {
    const at = (hours: number): string => new Date(NOON + hours * HOUR_MS).toISOString();
    const submit = {
      accepted: true,
      estimatedStart: at(50),
      message: null,
      smaller: { resources: { cpus: 2, time: '1:00:00' }, estimatedStart: at(0) }
    };
    const text = planText(plan({ submit }), NOON);
    expect(text).toMatch(
      /The job \(cpus 2, time 4:00:00\) would be taken, start 2026-03-06 \d\d:00\./
    );
    expect(text).toMatch(/Sooner with less: time 1:00:00: at once; as asked: 2026-03-06 /);
    const refused = { accepted: false, estimatedStart: null, message: 'bad', smaller: null };
    expect(planText(plan({ submit: refused }), NOON)).toContain('would be REFUSED: bad');
  });

  it('tells what a rehearsal was missing, with its line', () => {
    const rehearsal = {
      ok: false,
      seconds: 2.34,
      uncaptured: [{ kind: 'file' as const, name: 'x.csv', line: 3, text: 'opened by the cell' }],
      stopped: 'missing' as const,
      message: 'It came to line 3.',
      task: null,
      outputs: []
    };
    const text = planText(plan({ rehearsal }), NOON);
    expect(text).toContain('ran for 2.3 s; it needed 1 thing that would not travel.');
    expect(text).toContain('file x.csv (line 3): opened by the cell');
  });
});
