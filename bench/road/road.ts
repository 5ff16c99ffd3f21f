import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { slurm } from '../../testbed/control.ts';
import type { Benchmark } from '../benchmark.ts';
import type { Section } from '../measure/figure.ts';
import { ensurePeerEnvironment } from '../peers/peer-environment.ts';
import { startPeer } from '../peers/peer-process.ts';
import { say } from '../say.ts';
import { startService } from '../service/service-process.ts';
import { withCleanUp } from '../with-clean-up.ts';
import { BareSbatch } from './bare-sbatch.ts';
import { startCluster } from './bench-cluster.ts';
import { KeptSsh } from './kept-ssh.ts';
import { measureRoad } from './measure-road.ts';
import { roadSection } from './road-section.ts';

const ROUNDS = 60;
const SUBMITIT = { name: 'bench-submitit', packages: [['submitit==1.5.4']], timeoutMs: 300_000 };

/** A scheduler as the testbed's knob knows it, and what is wanted with it. */
type Scheduler = { name: string; parameters: string; wantedBesideSubmitit: number };

const TUNED: Scheduler = {
  name: 'tuned Slurm (batch_sched_delay=0)',
  parameters: 'batch_sched_delay=0',
  wantedBesideSubmitit: 0.5
};
const DEFAULT: Scheduler = {
  name: "Slurm's default scheduler parameters",
  parameters: 'default',
  wantedBesideSubmitit: 0.8
};

/** Request to output over ssh and Slurm, beside sbatch by hand and beside submitit. */
export const road: Benchmark = {
  name: 'road',
  about: 'request to first output over ssh and Slurm, beside sbatch and submitit',
  async run({ rounds, isDefaultScheduler }, scratch) {
    const sections: Section[] = [];
    for (const scheduler of isDefaultScheduler ? [TUNED, DEFAULT] : [TUNED]) {
      sections.push(await measureOn(scheduler, rounds ?? ROUNDS, scratch));
    }
    return sections;
  }
};

async function measureOn(scheduler: Scheduler, count: number, scratch: string): Promise<Section> {
  const python = await ensurePeerEnvironment(SUBMITIT);
  return withCleanUp(async cleanUp => {
    const cluster = await startCluster(join(scratch, 'testbed'), scheduler.parameters);
    cleanUp(cluster.end);
    const ssh = await KeptSsh.open(cluster.sshConfig, scratch);
    cleanUp(() => ssh.close());
    // Within the cluster: submitit would take the results of another cluster's job 1 for its own.
    const submititDir = join(cluster.dir, 'submitit');
    await mkdir(submititDir, { recursive: true });
    const submitit = await startPeer({
      python,
      program: 'submitit_peer.py',
      arguments: [submititDir],
      cwd: submititDir,
      environment: cluster.environment
    });
    cleanUp(submitit.end);
    const service = await startService(cluster.environment);
    cleanUp(service.end);
    const bare = await BareSbatch.prepare(cluster, ssh);
    say(`road on ${scheduler.name}: ${count} rounds of about 8 s`);
    const parts = { cluster, ssh, client: service.client, bare, submitit };
    const measured = await measureRoad(parts, count);
    const version = (await slurm(cluster.dir, 'sinfo', ['--version'])).trim();
    return roadSection(measured, {
      title: `road: ${scheduler.name}`,
      wantedBesideSubmitit: scheduler.wantedBesideSubmitit,
      notes: [
        `${version}, submitit ${submitit.version}; ${count} rounds, the ways in random order.`
      ]
    });
  });
}
