import type { DoctorReport, DoctorStep } from '../../shared/wire/doctor';
import type { CommandContext } from '../command-context';
import { doctor, type DoctorOrder } from '../commands/doctor';
import type { ServiceAccess } from '../service/service-access';

const step = (id: DoctorStep['id'], change: Partial<DoctorStep>): DoctorStep => ({
  id,
  title: id === 'job' ? 'Trial job' : 'Slurm',
  state: 'passed',
  found: null,
  details: [],
  problem: null,
  seconds: 0,
  ...change
});

const report = (change: Partial<DoctorReport>): DoctorReport => ({
  id: 'r1',
  target: 'moon',
  host: 'moon',
  state: 'running',
  version: 1,
  steps: [],
  limits: null,
  proposal: null,
  savedTo: null,
  ...change
});

const refused = {
  code: 'sbatch-refused' as const,
  message: 'Slurm refused the job: no such account',
  hint: 'Change the account.',
  retry: false,
  details: {}
};

const proposal = {
  name: 'moon',
  toml: '[targets.moon]\nhost = "moon"\n',
  path: '/home/me/config.toml',
  reasons: ['root: better']
};

/** A context whose service tells these reports one after the other, and whose person answers so. */
function stand(reports: DoctorReport[], answer: string | null = null, isAtQuestion = false) {
  const said = { out: '', err: '', terminal: '', saved: '', canceled: 0 };
  let interrupt = (): void => undefined;
  const left = [...reports];
  const last = (): DoctorReport => left[0] ?? report({});
  const client = {
    startDoctor: async () => left.shift() ?? last(),
    doctor: async () => {
      interrupt();
      return left.shift() ?? last();
    },
    cancelDoctor: async () => {
      said.canceled += 1;
      return last();
    },
    saveDoctor: async (_id: string, name: string) => {
      said.saved = name;
      return report({ state: 'passed', savedTo: '/home/me/config.toml' });
    }
  };
  const ask = async (call: (it: typeof client) => unknown): Promise<unknown> => call(client);
  const context: CommandContext = {
    access: { ask } as unknown as ServiceAccess,
    place: { config: '', state: '' },
    isJson: false,
    cwd: '/',
    python: 'python3',
    out: text => {
      said.out += text;
    },
    err: text => {
      said.err += text;
    },
    terminal:
      answer === null
        ? null
        : {
            isAsking: isAtQuestion,
            say: text => {
              said.terminal += text;
            },
            ask: async ({ label }) => {
              said.terminal += label;
              return answer;
            }
          },
    nowMs: () => 0,
    newRequestId: () => 'x',
    onInterrupt: () => () => undefined
  };
  const interrupting: CommandContext = {
    ...context,
    onInterrupt: call => {
      interrupt = call;
      return () => undefined;
    }
  };
  return { said, context, interrupting };
}

const order: DoctorOrder = { target: 'moon', withoutJob: false };

describe('sluice doctor', () => {
  it('says each step once, with words beside its sign, and fails with the target', async () => {
    const slurm = step('slurm', { found: 'Slurm 23.11\u001b[2J', details: ['one', 'two'] });
    const { said, context } = stand([
      report({ steps: [slurm, step('job', { state: 'running', found: 'waits' })] }),
      report({
        state: 'failed',
        steps: [slurm, step('job', { state: 'failed', found: 'no job', problem: refused })]
      })
    ]);
    expect(await doctor(context, order)).toBe(1);
    expect(said.out).toBe(
      [
        '✓ ok      Slurm            Slurm 23.11 [2J',
        '          one',
        '          two',
        '✗ failed  Trial job        no job',
        '          Slurm refused the job: no such account',
        '          What to do: Change the account.',
        '',
        'moon: not usable yet; the first thing to mend is “Trial job”.',
        ''
      ].join('\n')
    );
  });

  it.each([
    ['y', 'moon'],
    ['', ''],
    ['no', '']
  ])('offers to write what it proposes; “%s” means %j', async (answer, saved) => {
    const { said, context } = stand([report({ state: 'passed', proposal })], answer);
    expect(await doctor(context, order)).toBe(0);
    expect(said.terminal).toContain('Write it as the target “moon”? [y/N]');
    expect(said.saved).toBe(saved);
    expect(said.out).toContain('  [targets.moon]\n  host = "moon"\n');
    expect(said.out.includes('is written into /home/me/config.toml')).toBe(saved !== '');
  });

  it('writes without asking where that was said, and never where nobody can be asked', async () => {
    const named = stand([report({ state: 'passed', proposal })]);
    expect(await doctor(named.context, { ...order, save: 'sun' })).toBe(0);
    expect(named.said.saved).toBe('sun');
    const proposed = stand([report({ state: 'passed', proposal })]);
    await doctor(proposed.context, { ...order, save: true });
    expect(proposed.said.saved).toBe('moon');
    const silent = stand([report({ state: 'passed', proposal })]);
    await doctor(silent.context, order);
    expect(silent.said.saved).toBe('');
  });

  it('shows on a terminal what is being done, and takes that line away', async () => {
    const running = report({ steps: [step('job', { state: 'running', found: 'waits' })] });
    const { said, context } = stand([running, report({ state: 'passed' })], '');
    await doctor(context, order);
    expect(said.terminal).toBe('… looking Trial job        waits\r\u001b[K');
    const plain = stand([running, report({ state: 'passed' })]);
    await doctor(plain.context, order);
    expect(plain.said.out).not.toContain('looking');
  });

  it('leaves a question on the terminal alone', async () => {
    const running = report({ steps: [step('login', { state: 'running', found: 'connecting' })] });
    const { said, context } = stand([running, report({ state: 'passed' })], '', true);
    await doctor(context, order);
    expect(said.terminal).toBe('');
  });

  it('cancels with the first interrupt', async () => {
    const { said, interrupting } = stand([report({}), report({ state: 'canceled' })]);
    expect(await doctor(interrupting, order)).toBe(130);
    expect(said.canceled).toBe(1);
    expect(said.err).toContain('canceling');
  });

  it('gives the last report as JSON and nothing else', async () => {
    const { said, context } = stand([report({ state: 'passed', proposal })], 'y');
    await doctor({ ...context, isJson: true }, order);
    expect(JSON.parse(said.out)).toMatchObject({ state: 'passed', savedTo: null });
    expect(said.terminal).toBe('');
  });
});
