import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { down, readEnvironment, slurm, up } from '../../../testbed/control';
import { makeScratch } from '../../../testbed/__tests__/scratch';
import type { Plan } from '../../shared/wire/plan';
import { ServiceStand, venvPython } from '../../testing/service-stand';
import { waitUntil } from '../../testing/wait-until';

jest.setTimeout(120_000);

const scratch = makeScratch();
const bed = join(scratch.dir, 'bed');
const report = (): void => undefined;
let stand: ServiceStand;

beforeAll(async () => {
  await up({ dir: bed, nodeCount: 2, report });
  const environment = await readEnvironment(bed);
  const config = readFileSync(environment['SLUICE_CONFIG'] ?? '', 'utf8');
  const here = `[targets.here]\npython = ${JSON.stringify(venvPython)}\n`;
  stand = await ServiceStand.open(`${config}\n${here}`, environment);
});

afterAll(async () => {
  await stand.close();
  await down(bed, { report, remove: true });
  scratch.remove();
});

describe('a rehearsal through a real Slurm', () => {
  it('asks for little, in a queue that takes it, and says what ended it', async () => {
    const request = stand.cell('x = 1\nopen("nowhere.csv")', {
      target: 'testbed',
      resources: { nodes: 2, time: '2:00:00' },
      rehearsal: true
    });
    const { id } = await stand.submit(request);
    const { task, events } = await stand.follow(id);
    expect(task).toMatchObject({ rehearsal: true, scheduler: 'slurm', phase: 'failed' });
    expect(task.resources).toMatchObject({ time: '0:05:00' });
    expect(task.resources.nodes).toBeUndefined();
    expect(events.find(({ type }) => type === 'rehearsal')).toMatchObject({
      data: {
        ok: false,
        stopped: 'missing',
        uncaptured: [{ kind: 'file', name: 'nowhere.csv', line: 2 }]
      }
    });
    const shown = await slurm(bed, 'squeue', ['-h', '-t', 'all', '-o', '%l %D %j']);
    expect(shown).toContain(`5:00 1 ${id}`);
  });

  it('runs a plan for a cluster here, and creates nothing there', async () => {
    const payload = {
      ...stand.cell('raise RuntimeError("No CUDA GPUs are available")', { target: 'testbed' }),
      rehearse: true
    };
    const answer = await stand.app.inject({ method: 'POST', url: '/api/plan', payload });
    const { rehearsal, target, submit } = answer.json<Plan>();
    expect([target, submit?.accepted]).toEqual(['testbed', true]);
    expect(rehearsal).toMatchObject({ ok: false, stopped: 'gpu', uncaptured: [] });
    expect(rehearsal?.message).toContain('Rehearse on testbed');
    const { tasks } = (await stand.app.inject({ url: '/api/tasks' })).json<{
      tasks: { id: string; target: string }[];
    }>();
    expect(tasks.find(({ id }) => id === rehearsal?.task)?.target).toBe('here');
  });

  it('goes where it starts soonest, unless somebody chose the queue', async () => {
    const wide = ['--exclusive', '--nodes=2', '--time=60', '--output=/dev/null'];
    const blocker = await slurm(bed, 'sbatch', [...wide, '--parsable', '--wrap', 'sleep 3600']);
    await waitUntil('the cluster is full', async () =>
      (await slurm(bed, 'squeue', ['-h', '-t', 'running', '-o', '%i'])).includes(blocker.trim())
    );
    const request = { target: 'testbed', rehearsal: true };
    const free = await stand.submit(stand.cell('1', request));
    expect((await stand.follow(free.id)).task).toMatchObject({
      phase: 'completed',
      resources: { partition: 'high' }
    });
    const resources = { partition: 'low' };
    const chosen = await stand.submit(stand.cell('1', { ...request, resources }));
    const { task } = await stand.follow(chosen.id, batch => batch.task.jobId !== null);
    expect(task.resources).toEqual({ partition: 'low', time: '0:05:00' });
    await stand.cancel(chosen.id);
    await stand.follow(chosen.id);
    await slurm(bed, 'scancel', [blocker.trim()]);
  });
});
