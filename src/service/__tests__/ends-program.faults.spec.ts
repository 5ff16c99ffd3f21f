import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkEnds, dueKinds, seen, type EndKind, type SeenEnd } from '../../testing/end-kinds';
import { BEGUN, cellThat, EndsStand, type TaskWishes } from '../../testing/ends-stand';
import { venvPython } from '../../testing/service-stand';

jest.setTimeout(1_800_000);

let ends: EndsStand;

/** Python that is there where one logs in, and not where jobs run. */
const ELSEWHERE = `#!/bin/sh
[ -z "$SLURM_JOB_ID" ] || exit 127
exec ${venvPython} "$@"
`;

function moreTargets(lines: string, scratch: string): string {
  const python = join(scratch, 'python');
  writeFileSync(python, ELSEWHERE, { mode: 0o755 });
  return [
    `[targets.no-python]\n${lines.replace(/python = .*/, `python = "${python}"`)}`,
    `[targets.bad-setup]\nsetup = ["test -z \\"$SLURM_JOB_ID\\" || exit 5"]\n${lines}`
  ].join('\n');
}

/** Begun before the others: files may be hidden for half a minute, so that it is as long until it is sure. */
let early: string | null;

beforeAll(async () => {
  ends = await EndsStand.open({}, 2, moreTargets);
  early = await ends.submit('1', { target: 'bad-setup' });
});

afterAll(async () => {
  await ends.close();
});

const run =
  (source: string, wishes: TaskWishes = {}) =>
  async (): Promise<SeenEnd> => {
    const batch = await ends.end(await ends.submit(source, wishes));
    return seen(batch, { exitCode: batch.task.exitCode });
  };

async function failInSetup(): Promise<SeenEnd> {
  const id = early ?? (await ends.submit('1', { target: 'bad-setup' }));
  early = null;
  const batch = await ends.end(id);
  return seen(batch, { exitCode: batch.task.exitCode });
}

const runAndUsage = (source: string) => async (): Promise<SeenEnd> => {
  const batch = await ends.end(await ends.submit(source));
  const { elapsedSeconds, peakBytes, cpuSeconds } = batch.task.usage ?? {};
  const known = [elapsedSeconds, peakBytes, cpuSeconds].every(value => typeof value === 'number');
  return seen(batch, { usageIsKnown: known });
};

const killsItself = (signal: string): string =>
  cellThat('import os, signal', `os.kill(os.getpid(), signal.${signal})`);

const limited = (...lines: string[]): string =>
  cellThat(
    'import resource',
    'resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))',
    ...lines
  );

const kinds: EndKind[] = [
  {
    point: 'completed',
    few: 1,
    all: 24,
    make: runAndUsage(cellThat('value = sum(range(1000))')),
    expected: { phase: 'completed', code: null, printed: BEGUN, usageIsKnown: true }
  },
  {
    point: 'the cell raises',
    few: 1,
    all: 20,
    make: runAndUsage(cellThat('raise ValueError("no")')),
    expected: { phase: 'failed', code: 'exception', printed: BEGUN, usageIsKnown: true }
  },
  {
    point: '`sys.exit(3)` in a script',
    few: 1,
    all: 12,
    make: run(cellThat('import sys', 'sys.exit(3)'), { kind: 'script' }),
    expected: { phase: 'failed', code: 'exit-code', printed: BEGUN, exitCode: 3 }
  },
  {
    point: '`os._exit(5)`',
    few: 0,
    all: 12,
    make: run(cellThat('import os', 'os._exit(5)')),
    expected: { phase: 'failed', code: 'exit-code', printed: BEGUN, exitCode: null }
  },
  {
    point: 'SIGSEGV in Python',
    few: 1,
    all: 12,
    make: run(killsItself('SIGSEGV')),
    expected: { phase: 'failed', code: 'signal', printed: BEGUN, exitCode: null }
  },
  {
    point: 'SIGKILL of Python by someone there',
    few: 0,
    all: 12,
    make: run(killsItself('SIGKILL')),
    expected: { phase: 'failed', code: 'signal', printed: BEGUN, exitCode: null }
  },
  {
    point: 'out of memory by Python’s own limit',
    few: 1,
    all: 12,
    make: run(limited('x = bytearray(8 << 30)')),
    expected: { phase: 'out-of-memory', code: 'memory-python', printed: BEGUN, exitCode: 1 }
  },
  {
    point: 'launch failed: no Python where jobs run',
    few: 0,
    all: 12,
    make: run('1', { target: 'no-python' }),
    expected: { phase: 'failed', code: 'launch-failed', printed: '', exitCode: null }
  },
  {
    point: 'launch failed: a line of the setup fails',
    few: 1,
    all: 12,
    make: failInSetup,
    expected: { phase: 'failed', code: 'launch-failed', printed: '', exitCode: null }
  }
];

describe('a program’s own end, on a real Slurm', () => {
  it.each(dueKinds(kinds))('%s', async (_point, kind) => {
    await checkEnds(kind);
  });
});
