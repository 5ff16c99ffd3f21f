import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runShell } from '../../../testing/run-shell';
import type { JobSpec } from '../../schedulers/scheduler';
import { createSlurmScheduler } from '../../schedulers/slurm-scheduler';
import { buildHandOver, unwrittenWords } from '../build-job';

let root: string;
let job: JobSpec;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hand-over-'));
  const directory = join(root, 'runs/sl-1');
  const workerPath = join(root, 'worker');
  job = { key: 'sl-1', root, directory, setup: [], python: 'python3', workerPath, resources: {} };
  mkdirSync(directory, { recursive: true });
  // A device on which there is never any room.
  symlinkSync('/dev/full', join(directory, 'spec.json.new'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe.each(['dash', 'bash'])('handing over on a full disk, by %s', shell => {
  const handOver = () => runShell(buildHandOver(createSlurmScheduler(), job, '{}'), { shell });

  it('says that nothing was handed over, in the words of the system', async () => {
    const { stdout, status } = await handOver();
    expect(status).toBe(0);
    expect(unwrittenWords(stdout)).toContain('No space left on device');
    expect(existsSync(join(job.directory, 'submit'))).toBe(false);
  });

  it('says what is known of a submit that was begun before', async () => {
    mkdirSync(join(job.directory, 'submit'));
    writeFileSync(join(job.directory, 'job-id'), '4711\n');
    const { stdout, stderr } = await handOver();
    expect(unwrittenWords(stdout)).toBeNull();
    const answer = { status: 0, stdout, stderr };
    expect(createSlurmScheduler().parseSubmit(answer)).toEqual({ kind: 'accepted', jobId: '4711' });
  });
});
