import { checkEnds, dueKinds, seen, type EndKind, type SeenEnd } from '../../testing/end-kinds';
import { inFull } from '../../testing/record-trials';
import { BEGUN, cellThat, EndsStand } from '../../testing/ends-stand';

jest.setTimeout(1_800_000);

const isRoot = process.getuid?.() === 0;
const GREEDY = cellThat('import time', 'x = bytearray(600 << 20)', 'time.sleep(60)');
const resources = { memory: '300M' };

let ends: EndsStand;

async function takeTooMuch(): Promise<SeenEnd> {
  const batch = await ends.end(await ends.submit(GREEDY, { resources }));
  // Whoever says it first: the job's own script, or Slurm.
  const code = batch.task.reason?.code === 'memory-kernel' ? 'memory' : batch.task.reason?.code;
  return { ...seen(batch), code };
}

const byKernel: EndKind = {
  point: 'out of memory, killed by the kernel in the job’s control group',
  few: 1,
  all: 12,
  make: takeTooMuch,
  expected: { phase: 'out-of-memory', code: 'memory', printed: BEGUN }
};
// All that Slurm says of these is the signal, and that is what a person reads.
const bySlurm: EndKind = {
  point: 'out of memory, killed by Slurm, which tells no more than SIGKILL',
  few: 0,
  all: 6,
  make: takeTooMuch,
  expected: { phase: 'failed', code: 'signal', printed: BEGUN }
};

describe.each([
  // Only root may let the kernel limit a job here.
  ...(isRoot ? [{ knob: 'cgroup', kind: byKernel }] : []),
  ...(inFull || !isRoot ? [{ knob: 'poll', kind: { ...bySlurm, few: 1 } }] : [])
])('a real Slurm with outOfMemory=$knob', ({ knob, kind }) => {
  beforeAll(async () => {
    ends = await EndsStand.open({ outOfMemory: knob }, 1);
  });

  afterAll(async () => {
    await ends.close();
  });

  it.each(dueKinds([kind]))('%s', async (_point, each) => {
    await checkEnds(each);
  });
});
