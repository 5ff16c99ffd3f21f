import { submitSchema } from '../../../shared/wire/submit';
import type { Target } from '../../targets/target';
import { rehearsalOrder, rehearsalSeconds } from '../rehearsal-order';

const target = (change: Partial<Target> = {}): Target =>
  ({
    name: 'here',
    scheduler: 'process',
    host: null,
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

const captured = { roots: ['/nb/src'], cwd: '/nb' };

describe('what the worker is told of a rehearsal', () => {
  it('is nothing for a real run', () => {
    expect(rehearsalOrder(request({}), target(), captured)).toBeNull();
  });

  it('is where things lie, on this machine', () => {
    const asked = request({ rehearsal: true, rehearsalOf: 'curnagl' });
    expect(rehearsalOrder(asked, target(), captured)).toEqual({
      limitSeconds: 60,
      target: 'curnagl',
      isHere: true,
      folder: '/nb',
      sysPath: [],
      installedRoots: [],
      moduleRoots: ['/nb/src']
    });
  });

  it.each([
    [{ scheduler: 'slurm' as const }, false],
    [{ host: 'gpu-server' }, false],
    [{}, true]
  ])('knows whether %j is this machine', (change, isHere) => {
    const order = rehearsalOrder(request({ rehearsal: true }), target(change), captured);
    expect(order).toMatchObject({ isHere, target: null });
  });

  it('names no other target for a rehearsal of its own', () => {
    const asked = request({ rehearsal: true, rehearsalOf: 'here' });
    expect(rehearsalOrder(asked, target(), captured)).toMatchObject({ target: null });
  });

  it('has a limit that a setting moves, within that of a job of five minutes', () => {
    expect(rehearsalSeconds(target({ rehearseSeconds: 300 }))).toBe(300);
    expect(rehearsalSeconds(target({ scheduler: 'slurm' }))).toBe(240);
    expect(rehearsalSeconds(target({ scheduler: 'slurm', rehearseSeconds: 300 }))).toBe(240);
    expect(rehearsalSeconds(target({ scheduler: 'slurm', rehearseSeconds: 30 }))).toBe(30);
  });
});
