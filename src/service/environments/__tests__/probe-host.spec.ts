import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { venvPython } from '../../../testing/service-stand';
import { createLocalTransport } from '../../transports/local-transport';
import { checkPython } from '../check-python';
import { type HostFacts, probeHost, type Wanted } from '../probe-host';

describe('probeHost', () => {
  let home: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'sluice home '));
    symlinkSync(venvPython, join(home, 'my python'));
  });

  afterEach(() => {
    rmSync(home, { recursive: true });
  });

  const probe = async (change: Partial<Wanted>): Promise<HostFacts> => {
    const transport = createLocalTransport({ env: { ...process.env, HOME: home } });
    const wanted = { root: '~/.sluice', python: '~/my python', setup: [], ...change };
    try {
      return await probeHost(transport, wanted, new AbortController().signal);
    } finally {
      await transport.close();
    }
  };

  it('makes the root absolute, and finds a Python below the home', async () => {
    const facts = await probe({});
    expect(facts.root).toBe(join(home, '.sluice'));
    expect(facts.pythonVersion).toMatch(/^3\.\d+\.\d+$/);
  });

  it('runs the setup first, whatever it prints', async () => {
    const setup = ['echo "python Python 1.2.3"', 'echo noise >&2', `PATH="$HOME:$PATH"`];
    expect((await probe({ setup, python: 'my python' })).pythonVersion).toMatch(/^3\./);
  });

  it('gives the words of a host without that Python', async () => {
    const facts = await probe({ python: '/nowhere/python' });
    expect(facts).toMatchObject({ pythonVersion: null });
    expect(facts.problem).toMatch(/nowhere\/python/);
  });

  it('survives a setup that ends the shell', async () => {
    const facts = await probe({ setup: ['echo "no such module" >&2; exit 3'] });
    expect(facts).toMatchObject({ root: join(home, '.sluice'), pythonVersion: null });
    expect(facts.problem).toMatch(/no such module/);
  });
});

describe('checkPython', () => {
  const check = (remote: string | null, localVersion: string | null): (() => void) => {
    const facts: HostFacts = { root: '/r', pythonVersion: remote, problem: 'not found' };
    return () => {
      checkPython({ facts, target: 't', python: 'python3', localVersion });
    };
  };

  it('takes the same minor version, and any when no kernel is there', () => {
    expect(check('3.11.9', '3.11.2')).not.toThrow();
    expect(check('3.13.0', null)).not.toThrow();
  });

  it.each<[string | null, string | null, string]>([
    [null, '3.11.2', 'no-python'],
    ['3.8.10', null, 'python-too-old'],
    ['2.7.18', null, 'python-too-old'],
    ['3.12.1', '3.11.2', 'python-differs']
  ])('refuses %s there and %s here: %s', (remote, local, code) => {
    expect(check(remote, local)).toThrow(expect.objectContaining({ code }) as Error);
  });
});
