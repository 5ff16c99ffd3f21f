import { existsSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../../shared/wire/plan';
import type { SubmitInput } from '../../shared/wire/submit';
import { printed, ServiceStand, venvPython } from '../../testing/service-stand';

const LARGE = 300_000_000;

/** A run begins with all that it needs, or leaves nothing behind. */
describe('a capture that is not decided', () => {
  let stand: ServiceStand;
  let project: string;

  beforeEach(async () => {
    stand = await ServiceStand.open(`[targets.here]\npython = ${JSON.stringify(venvPython)}\n`);
    project = join(stand.directory, 'project');
    mkdirSync(project);
    writeFileSync(join(project, 'big.csv'), '');
    truncateSync(join(project, 'big.csv'), LARGE);
  });
  afterEach(() => stand.close());

  const source = 'import os\nprint(os.path.exists("big.csv"))\nif 0: open("big.csv")';
  const cell = (change: Partial<SubmitInput> = {}): SubmitInput =>
    stand.cell(source, { projectDir: project, ...change });

  it('refuses the run in words before anything is sent', async () => {
    const { id } = await stand.submit(cell());
    const { task } = await stand.follow(id);
    expect(task).toMatchObject({
      phase: 'failed',
      jobId: null,
      reason: {
        code: 'file-undecided',
        message: expect.stringContaining('big.csv (300.0 MB)') as string,
        hint: expect.stringContaining('-i big.csv') as string
      }
    });
    const root = join(stand.directory, 'state/here');
    expect(existsSync(root) ? readdirSync(root, { recursive: true }) : []).toEqual([]);
  });

  it('is in a plan, first of what stays, with the way on', async () => {
    const payload = { ...cell(), brief: true };
    const answer = await stand.app.inject({ method: 'POST', url: '/api/plan', payload });
    const { leftOut, files, undecided } = answer.json<Plan>();
    expect(files).toEqual([]);
    expect(undecided).toMatchObject([{ path: 'big.csv', bytes: 300_000_000 }]);
    expect(leftOut.filter(({ name }) => name === 'big.csv')).toHaveLength(1);
    expect(leftOut[0]).toMatchObject({
      kind: 'file',
      name: 'big.csv',
      reason: expect.stringContaining('-i !big.csv') as string
    });
  });

  it('runs once a person has said that it stays', async () => {
    const files = { include: [], exclude: ['big.csv'] };
    const { id } = await stand.submit(cell({ files }));
    expect(printed(await stand.follow(id))).toBe('False\n');
  });
});
