import { join } from 'node:path';

import { up } from '../../testbed/control.ts';
import type { Benchmark } from '../benchmark.ts';
import { startCluster } from '../road/bench-cluster.ts';
import { KeptSsh } from '../road/kept-ssh.ts';
import { say } from '../say.ts';
import { startService } from '../service/service-process.ts';
import { withCleanUp } from '../with-clean-up.ts';
import { FAILURES, measureFailureNews } from './failure-news.ts';
import { measureLiveLoad, writeCountingSqueue } from './live-load.ts';
import { measureList } from './long-list.ts';
import { measureBareSubmits, measureSubmits } from './many-submits.ts';
import { tasksSection, type TaskMeasures } from './tasks-section.ts';

const ROUNDS = 5;
const SUBMITS = 100;
const LIST_ROUNDS = 40;
const LIVE_TASKS = 1000;

/** Many tasks at once, many that live, many that are over, and the news of a failure. */
export const tasks: Benchmark = {
  name: 'tasks',
  about: 'many submits beside sbatch, news of failures, a thousand live tasks, a long list',
  async run({ rounds }, scratch) {
    const count = rounds ?? ROUNDS;
    const shortListMs = await measureList(scratch, 100, LIST_ROUNDS);
    const longListMs = await measureList(scratch, 10_000, LIST_ROUNDS);
    const onCluster = await measureOnCluster(count, scratch);
    return [tasksSection({ shortListMs, longListMs, ...onCluster })];
  }
};

async function measureOnCluster(
  count: number,
  scratch: string
): Promise<Omit<TaskMeasures, 'shortListMs' | 'longListMs'>> {
  return withCleanUp(async cleanUp => {
    const dir = join(scratch, 'testbed');
    const programs = join(scratch, 'programs');
    await writeCountingSqueue(programs);
    const cluster = await startCluster(dir, 'batch_sched_delay=0');
    cleanUp(cluster.end);
    await up({ dir, knobs: { loginPath: programs }, report: say });
    const ssh = await KeptSsh.open(cluster.sshConfig, scratch);
    cleanUp(() => ssh.close());
    const service = await startService(cluster.environment);
    cleanUp(service.end);
    const { client } = service;
    const failures: TaskMeasures['failures'] = {};
    for (const [name, failure] of Object.entries(FAILURES)) {
      failures[name] = [];
      for (let round = 0; round < count; round += 1) {
        failures[name].push(await measureFailureNews(client, failure));
      }
    }
    const submits: TaskMeasures['submits'] = [];
    for (let round = 0; round < count; round += 1) {
      say(`submits, round ${round + 1} of ${count}`);
      const bareMs = await measureBareSubmits(cluster, ssh, SUBMITS);
      submits.push({ bareMs, sluiceMs: await measureSubmits(client, SUBMITS) });
    }
    say(`${LIVE_TASKS} live tasks: some minutes`);
    const made = count * SUBMITS;
    const live = await measureLiveLoad(service, programs, Math.max(1, LIVE_TASKS - made));
    return { failures, submits, submitCount: SUBMITS, live: { ...live, tasks: live.tasks + made } };
  });
}
