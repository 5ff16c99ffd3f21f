import { copyFile, cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { down, limitJob, readEnvironment, up } from '../../../../testbed/control';
import { makeScratch } from '../../../../testbed/__tests__/scratch';
import { JobYard } from '../../../testing/job-yard';
import { waitUntil } from '../../../testing/wait-until';
import type { JobRef, JobSpec } from '../scheduler';
import { createSlurmScheduler } from '../slurm-scheduler';
import { noticeSeconds } from '../time-limit';

jest.setTimeout(120_000);

const PACKAGE = join(__dirname, '../../../../sluice');
// slurmctld looks for jobs near their limits every 30 s.
const LIMIT_MS = 60_000;

const scratch = makeScratch();
const bed = join(scratch.dir, 'bed');
const report = (): void => undefined;
let yard: JobYard;

beforeAll(async () => {
  await up({ dir: bed, nodeCount: 1, report });
  const environment = { ...process.env, ...(await readEnvironment(bed)) };
  yard = await JobYard.open(createSlurmScheduler(), 'root', { environment });
  const worker = join(yard.root, 'worker/1');
  await mkdir(join(worker, '_sluice'), { recursive: true });
  await copyFile(join(PACKAGE, 'worker/launch.py'), join(worker, '__main__.py'));
  await writeFile(join(worker, '_sluice/__init__.py'), '');
  for (const name of ['worker', 'values', 'cloudpickle']) {
    await cp(join(PACKAGE, name), join(worker, '_sluice', name), { recursive: true });
  }
});

afterAll(async () => {
  await yard.close();
  await down(bed, { report, remove: true });
  scratch.remove();
});

/** Submit a cell as the service does, and wait until it has said that it is ready. */
async function begin(source: string, given: Partial<JobSpec>): Promise<JobRef> {
  const job = await yard.prepare('', { python: 'python3', ...given });
  const spec = {
    version: 1,
    task: job.key,
    kind: 'cell',
    source,
    arguments: [],
    cwd: '',
    root: job.root,
    snapshot: null,
    modulePaths: [],
    files: [],
    values: [],
    imports: [],
    outputs: null,
    accepts: ['json'],
    trust: 'outputs',
    limits: { homeBytes: 1e6, eventBytes: 1e6 },
    noticeSeconds: noticeSeconds(job.resources),
    paths: {},
    target: 'testbed',
    resources: job.resources
  };
  await writeFile(join(job.directory, 'spec.json'), JSON.stringify(spec));
  const ref = await yard.submit(job);
  const isReady = async (): Promise<boolean> =>
    ((await yard.read(job, 'attempts/0/events.jsonl')) ?? '').includes('ready');
  await waitUntil('the cell runs', isReady, LIMIT_MS);
  return ref;
}

async function ended(job: JobRef): Promise<Record<string, unknown>> {
  const isOver = async (): Promise<boolean> => (await yard.read(job, 'attempts/0/exit')) !== null;
  await waitUntil('the script has recorded the end', isOver, LIMIT_MS);
  return JSON.parse((await yard.read(job, 'attempts/0/end.json')) ?? '{}') as Record<
    string,
    unknown
  >;
}

const LOOP = 'history = [1, 2]\nprint("ready")\nwhile True: pass';

describe('a job of Slurm whose time is nearly over', () => {
  it('hears of it, and saves what it has', async () => {
    const job = await begin(LOOP, {});
    await limitJob(bed, job.jobId, 100);
    expect(await ended(job)).toMatchObject({ status: 'time-up', cause: 'time-limit' });
    const events = (await yard.read(job, 'attempts/0/events.jsonl')) ?? '';
    expect(events).toContain('"type":"notice"');
    expect(events).toMatch(/"type":"variable","data":\{"name":"history"/);
    expect(await yard.read(job, 'attempts/0/exit')).toMatch(/^124 /);
  });

  it('is told to leave twice when it is canceled, and minds it not', async () => {
    const job = await begin(LOOP, {});
    await yard.cancel(job);
    expect(await ended(job)).toMatchObject({ status: 'terminated', cause: 'asked' });
    expect(await yard.read(job, 'attempts/0/exit')).toMatch(/^143 /);
  });
});
