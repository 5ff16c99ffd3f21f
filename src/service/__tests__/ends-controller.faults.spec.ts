import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  continuePart,
  endPart,
  pausePart,
  startPart,
  waitUntilUsable
} from '../../../testbed/control';
import { checkEnds, dueKinds, seen, type EndKind, type SeenEnd } from '../../testing/end-kinds';
import { BEGUN, cellThat, EndsStand, endless } from '../../testing/ends-stand';

jest.setTimeout(1_800_000);

const CONTROLLER = 'slurmctld';
/** Python and the job's script die together: nobody but Slurm can say that it is over. */
const DIES_UNSEEN = [
  'import os, signal',
  'os.kill(os.getppid(), signal.SIGKILL)',
  'os.kill(os.getpid(), signal.SIGKILL)'
];

let ends: EndsStand;
let gates = 0;

afterEach(async () => {
  await ends.close();
});

/** A cell that runs until its gate is opened, then does this. */
function gated(...lines: string[]): { source: string; open: () => void } {
  gates += 1;
  const gate = join(ends.bed, `gate-${gates}`);
  const wait = [
    'import os, time',
    `while not os.path.exists(${JSON.stringify(gate)}): time.sleep(0.02)`
  ];
  return { source: cellThat(...wait, ...lines), open: () => writeFileSync(gate, '') };
}

async function withoutController(
  away: () => Promise<void>,
  back: () => Promise<void>,
  ...lines: string[]
): Promise<SeenEnd> {
  const cell = gated(...lines);
  const { id } = await ends.begin(cell.source);
  await away();
  cell.open();
  try {
    // The worker's own word comes without Slurm, so that the controller need not be back for it.
    return seen(await ends.end(id));
  } finally {
    await back();
    await waitUntilUsable(ends.bed);
  }
}

const stopped = (...lines: string[]): Promise<SeenEnd> =>
  withoutController(
    () => endPart(ends.bed, CONTROLLER),
    () => startPart(ends.bed, CONTROLLER),
    ...lines
  );

const frozen = (...lines: string[]): Promise<SeenEnd> =>
  withoutController(
    () => pausePart(ends.bed, CONTROLLER),
    () => continuePart(ends.bed, CONTROLLER),
    ...lines
  );

/** The cancel is kept until the controller is back, and carried out then. */
async function cancelMeanwhile(): Promise<SeenEnd> {
  const { id } = await ends.begin(endless);
  await endPart(ends.bed, CONTROLLER);
  await ends.service.cancel(id);
  await startPart(ends.bed, CONTROLLER);
  await waitUntilUsable(ends.bed);
  return seen(await ends.end(id));
}

const dieUnseen = async (): Promise<SeenEnd> => {
  const cell = gated(...DIES_UNSEEN);
  const { id } = await ends.begin(cell.source);
  cell.open();
  return seen(await ends.end(id));
};

/** Slurm has forgotten the job and its books are down: that is no end, and it is said. */
async function forgotten(): Promise<SeenEnd> {
  await endPart(ends.bed, 'slurmdbd');
  const cell = gated(...DIES_UNSEEN);
  const begun = await ends.begin(cell.source);
  cell.open();
  const { phase } = await ends.until(begun.id, task => task.phase === 'unknown');
  await startPart(ends.bed, 'slurmdbd');
  return seen(await ends.end(begun.id), { meanwhile: phase });
}

const away: EndKind[] = [
  {
    point: 'completed while the controller is stopped',
    few: 1,
    all: 8,
    atOnce: 1,
    make: () => stopped(),
    expected: { phase: 'completed', code: null, printed: BEGUN }
  },
  {
    point: 'SIGSEGV while the controller is frozen',
    few: 0,
    all: 8,
    atOnce: 1,
    make: () => frozen('os.kill(os.getpid(), 11)'),
    expected: { phase: 'failed', code: 'signal', printed: BEGUN }
  },
  {
    point: 'canceled while the controller is stopped',
    few: 0,
    all: 6,
    atOnce: 1,
    make: cancelMeanwhile,
    expected: { phase: 'canceled', code: 'canceled', printed: BEGUN }
  }
];

const forgetful: EndKind[] = [
  {
    point: 'script and Python killed, MinJobAge 2 s, books on',
    few: 0,
    all: 8,
    atOnce: 8,
    make: dieUnseen,
    expected: { phase: 'failed', code: 'signal', printed: BEGUN }
  },
  {
    point: 'the same with the books down, and back later: unknown, then failed',
    few: 0,
    // It is twelve minutes: an absence is long after five, and what is quiet is asked about ever less often.
    all: 1,
    atOnce: 1,
    make: forgotten,
    expected: { phase: 'failed', code: 'signal', printed: BEGUN, meanwhile: 'unknown' }
  }
];

type Group = { about: string; knobs: Record<string, string>; kinds: ReturnType<typeof dueKinds> };

const all: Group[] = [
  { about: 'while Slurm is away', knobs: {}, kinds: dueKinds(away) },
  {
    about: 'that only Slurm knows, which forgets them within seconds',
    knobs: { minJobAge: '2', accounting: 'on' },
    kinds: dueKinds(forgetful)
  }
];
const groups = all.filter(({ kinds }) => kinds.length > 0);

describe.each(groups)('ends $about', ({ knobs, kinds }) => {
  beforeEach(async () => {
    ends = await EndsStand.open(knobs, 1);
  });

  it.each(kinds)('%s', async (_point, kind) => {
    await checkEnds(kind);
  });
});
