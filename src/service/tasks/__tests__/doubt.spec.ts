import { createSlurmScheduler } from '../../schedulers/slurm-scheduler';
import type { QueryOutcome } from '../../schedulers/scheduler';
import { giveUpWords, judgeDoubt } from '../doubt';
import type { RunFacts } from '../fence';

const scheduler = createSlurmScheduler();
const EMPTY: QueryOutcome = { kind: 'answered', reports: [] };
const SILENT: QueryOutcome = { kind: 'unanswered', message: 'no' };
const LOST = 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation';

/** A run that was given up after its sbatch was started. */
const given: RunFacts = {
  owner: { kind: 'fenced' },
  jobId: null,
  printed: [],
  isBegun: true,
  startedAt: 1000,
  status: null,
  said: '',
  nowAt: 1030
};

describe('a run that is being given up', () => {
  it.each<[string, Partial<RunFacts>, QueryOutcome, string]>([
    ['no hand-over of it began', { isBegun: false, startedAt: null }, SILENT, 'over'],
    ['its hand-over saw the fence, or will', { startedAt: null }, SILENT, 'over'],
    ['its sbatch ended in doubt and left no job', { status: 1, said: LOST }, EMPTY, 'over'],
    ['its sbatch ended, and Slurm is silent', { status: 1, said: LOST }, SILENT, 'doubt'],
    ['its sbatch may be at work', {}, EMPTY, 'doubt'],
    ['its sbatch is long over', { nowAt: 1600 }, EMPTY, 'over'],
    ['its sbatch is long over, and Slurm is silent', { nowAt: 1600 }, SILENT, 'doubt'],
    ['nobody fenced it', { owner: { kind: 'free' }, status: 1, said: LOST }, EMPTY, 'doubt'],
    ['its job was printed', { printed: ['12'], status: 1 }, EMPTY, 'job']
  ])('where %s', (_, facts, search, kind) => {
    expect(judgeDoubt({ ...given, ...facts }, search, scheduler).kind).toBe(kind);
  });

  it('says what it waits for', () => {
    expect(giveUpWords(given, 'slurm')).toMatch(/how sbatch ended is not known.*10 min at most/);
    expect(giveUpWords({ ...given, nowAt: 1595 }, 'slurm')).toMatch(/1 min at most/);
    expect(giveUpWords({ ...given, status: 1 }, 'slurm')).toMatch(/Slurm has to say/);
    expect(giveUpWords({ ...given, nowAt: 1600 }, 'slurm')).toMatch(/Slurm has to say/);
  });
});
