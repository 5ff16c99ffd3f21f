import { submitSchema } from '../../../shared/wire/submit';
import type { Target } from '../../targets/target';
import { rehearsalOrder, rehearsalSeconds } from '../rehearsal-order';

const target = (change: Partial<Target> = {}): Target =>
  ({
    name: 'here',
    scheduler: 'process',
    host: null,
    keepDays: null,
    keepBytes: null,
    transport: null,
    rehearseSeconds: null,
    ...change
  }) as Target;

const request = (change: object): ReturnType<typeof submitSchema.parse> =>
  submitSchema.parse({
    requestId: 'request-1',
    target: null,
    resources: {},
    payload: { kind: 'cell', source: '1', outputs: null },
    origin: null,
    projectDir: null,
    capture: null,
    ...change
  });

const here = target();
const captured = { roots: ['/nb/src'], cwd: '/nb' };

describe('what the worker is told of a rehearsal', () => {
  it('is nothing for a real run', () => {
    expect(
      rehearsalOrder({ request: request({}), target: here, meant: here, captured })
    ).toBeNull();
  });

  it('is where things lie, on this machine', () => {
    const asked = request({ rehearsal: true });
    const meant = target({ name: 'curnagl', scheduler: 'slurm' });
    expect(rehearsalOrder({ request: asked, target: here, meant, captured })).toEqual({
      limitSeconds: 60,
      target: 'curnagl',
      offer: 'Rehearse on curnagl to see the rest: five minutes in its shortest queue.',
      isHere: true,
      folder: '/nb',
      sysPath: ['/nb'],
      installedRoots: [],
      moduleRoots: ['/nb/src']
    });
  });

  it.each([
    [{ scheduler: 'slurm' as const }, false],
    [{ host: 'gpu-server' }, false],
    [{}, true]
  ])('knows whether %j is this machine', (change, isHere) => {
    const there = target(change);
    const parts = { request: request({ rehearsal: true }), target: there, meant: there, captured };
    expect(rehearsalOrder(parts)).toMatchObject({ isHere, target: 'here', offer: null });
  });

  it('offers no queue where there is none', () => {
    const meant = target({ name: 'gpu', host: 'gpu-server' });
    const parts = { request: request({ rehearsal: true }), target: here, meant, captured };
    expect(rehearsalOrder(parts)?.['offer']).toBe('Rehearse on gpu to see the rest.');
  });

  it('has a limit that a setting moves, within that of a job of five minutes', () => {
    expect(rehearsalSeconds(target({ rehearseSeconds: 300 }))).toBe(300);
    expect(rehearsalSeconds(target({ scheduler: 'slurm' }))).toBe(240);
    expect(rehearsalSeconds(target({ scheduler: 'slurm', rehearseSeconds: 300 }))).toBe(240);
    expect(rehearsalSeconds(target({ scheduler: 'slurm', rehearseSeconds: 30 }))).toBe(30);
  });
});
