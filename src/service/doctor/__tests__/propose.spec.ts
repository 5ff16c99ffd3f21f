import type { Partition } from '../../../shared/wire/limits';
import type { Target } from '../../targets/target';
import { fittingPythons } from '../choose-python';
import type { DiskPlace } from '../places';
import { nameFor, type ProposalFacts, proposeKeys } from '../propose';

const place = (label: string, path: string, change: Partial<DiskPlace> = {}): DiskPlace => ({
  label,
  path,
  exists: true,
  isWritable: true,
  kind: 'nfs',
  device: 'srv:/x',
  mount: '/x',
  totalBytes: 1e15,
  roomBytes: 1e14,
  quotaBytes: null,
  roomInodes: null,
  hasAnswered: true,
  ...change
});

const partition = (name: string, change: Partial<Partition> = {}): Partition => ({
  name,
  isDefault: false,
  isUp: true,
  maxTime: 'infinite',
  nodes: 4,
  cpusPerNode: 8,
  memoryPerNodeMb: 8000,
  gpus: [],
  ...change
});

const target = (change: Partial<Target> = {}): Target => ({
  ...({ name: 'moon', host: 'moon', root: '~/.sluice', resources: {} } as Target),
  ...change
});

const small = { roomBytes: 2e9, quotaBytes: 3e9 };
const HOME = [place('home', '/home/me', small), place('root', '/home/me/.sluice', small)];

const facts = (change: Partial<ProposalFacts> = {}): ProposalFacts => ({
  subject: { target: target(), isProvisional: false },
  scheduler: 'slurm',
  places: HOME,
  partitions: [partition('cpu', { isDefault: true })],
  python: null,
  report: null,
  isRootUsable: true,
  ...change
});

const values = (change: Partial<ProposalFacts>): Record<string, unknown> =>
  Object.fromEntries(proposeKeys(facts(change)).map(({ key, value }) => [key, value]));

const SCRATCH = place('scratch', '/scratch/me');
const WORK = place('work', '/work/me');

describe('a root is proposed', () => {
  it('where a small home is no place, with the word that scratch may be cleared', () => {
    const [key] = proposeKeys(facts({ places: [...HOME, SCRATCH] }));
    expect(key).toMatchObject({ key: 'root', value: '/scratch/me/sluice' });
    expect(key?.reason).toContain('room for 2.0 GB only');
    expect(key?.reason).toContain('fetch what you want to keep');
  });

  it('rather on a disk that is not cleared', () => {
    expect(values({ places: [...HOME, SCRATCH, WORK] })).toEqual({ root: '/work/me/sluice' });
  });

  it.each<[string, Partial<ProposalFacts>]>([
    ['the home is large', { places: [place('home', '/h'), place('root', '/h/.sluice'), SCRATCH] }],
    [
      'the person chose it',
      {
        places: [...HOME, SCRATCH],
        subject: { target: target({ root: '/x' }), isProvisional: false }
      }
    ],
    ['nothing larger is there', { places: [...HOME, place('scratch', '/scratch/me', small)] }],
    ['it cannot be written', { places: [...HOME, { ...SCRATCH, isWritable: false }] }],
    ['it is a disk of the login node', { places: [...HOME, { ...SCRATCH, kind: 'xfs' }] }],
    ['it does not answer', { places: [...HOME, { ...SCRATCH, hasAnswered: false }] }],
    [
      'compute nodes do not see it',
      {
        places: [...HOME, SCRATCH],
        report: {
          node: 'n1',
          python: '3.11.2',
          network: null,
          places: {
            '/scratch/me': { seen: false, writable: false },
            '/home/me': { seen: true, writable: true }
          }
        }
      }
    ]
  ])('not where %s', (_, change) => {
    expect(values(change)).toEqual({});
  });

  it('where compute nodes do not see the home, or nothing can be written', () => {
    const large = [place('home', '/h'), place('root', '/h/.sluice'), SCRATCH];
    const seen = { seen: true, writable: true };
    const report = { node: 'n1', python: '3.11.2', network: null, places: { '/scratch/me': seen } };
    expect(values({ places: large, report })).toEqual({ root: '/scratch/me/sluice' });
    expect(values({ places: large, isRootUsable: false })).toEqual({ root: '/scratch/me/sluice' });
  });
});

describe('a partition is proposed', () => {
  const provisional = { target: target({ name: 'me@moon:22' }), isProvisional: true };

  it.each([
    ['the default one', [partition('big'), partition('cpu', { isDefault: true })], 'cpu'],
    [
      'the largest without GPUs where the default is down',
      [
        partition('cpu', { isDefault: true, isUp: false }),
        partition('gpu', { nodes: 99, gpus: ['a100:4'] }),
        partition('small', { nodes: 2 }),
        partition('big', { nodes: 50 })
      ],
      'big'
    ],
    ['one with GPUs where there is no other', [partition('gpu', { gpus: ['2'] })], 'gpu']
  ])('for a host that is no target yet: %s', (_, partitions, chosen) => {
    const places = [place('home', '/h'), place('root', '/h/.sluice')];
    expect(values({ subject: provisional, partitions, places })).toMatchObject({
      host: 'moon',
      partition: chosen
    });
  });

  it('for a target only where its own does not do', () => {
    const named = (name: string): Partial<ProposalFacts> => ({
      places: [],
      partitions: [partition('cpu', { isDefault: true }), partition('old', { isUp: false })],
      subject: { target: target({ resources: { partition: name } }), isProvisional: false }
    });
    expect(values(named('cpu'))).toEqual({});
    expect(values(named('old'))).toEqual({ partition: 'cpu' });
    expect(values(named('gone'))).toEqual({ partition: 'cpu' });
  });
});

describe('a Python is proposed', () => {
  const survey = {
    pythons: [
      { name: 'python3', version: '3.6.8' },
      { name: 'python3.11', version: '3.11.7' },
      { name: 'python3.12', version: '3.12.1' }
    ],
    modules: ['python/2.7.18', 'python/3.10.4-gcc', 'Python/3.11.5', 'python']
  };

  it.each([
    ['3.11.2', ['python3.11', 'module load Python/3.11.5']],
    ['3.10.1', ['module load python/3.10.4-gcc']],
    ['3.6.8', []],
    [
      null,
      ['python3.11', 'python3.12', 'module load python/3.10.4-gcc', 'module load Python/3.11.5']
    ]
  ])('that fits %s', (wanted, expected) => {
    const found = fittingPythons(survey, wanted).map(({ python, setup }) => setup ?? python);
    expect(found).toEqual(expected);
  });

  it('as a command, or as a module', () => {
    const python = { python: 'python3.11', setup: null, version: '3.11.7' };
    expect(values({ places: [], python })).toEqual({ python: 'python3.11' });
    const module = { python: null, setup: 'module load python/3.11', version: '3.11' };
    expect(values({ places: [], python: module })).toEqual({ setup: ['module load python/3.11'] });
  });
});

describe('a host that is no target yet', () => {
  it.each([
    ['me@login1.moon.example:2222', 'login1'],
    ['moon', 'moon'],
    ['me@10.0.0.1:22', '10.0.0.1'],
    ['me@[fe80::1]:22', 'fe80-1']
  ])('%s is proposed as %s', (name, expected) => {
    expect(nameFor({ target: target({ name }), isProvisional: true })).toBe(expected);
  });
});
