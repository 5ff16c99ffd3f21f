import { setTimeout as pause } from 'node:timers/promises';

import { nowMs } from '../measure/now-ms.ts';
import { planRounds, type Round, waitMsUntil } from '../measure/plan-rounds.ts';
import type { PeerProcess } from '../peers/peer-process.ts';
import { say } from '../say.ts';
import type { UnixClient } from '../service/unix-client.ts';
import type { BareSbatch } from './bare-sbatch.ts';
import type { BenchCluster } from './bench-cluster.ts';
import type { KeptSsh } from './kept-ssh.ts';
import type { RoadRound } from './road-section.ts';
import { runSluiceRoad } from './sluice-road.ts';
import { measureStartAlone } from './start-alone.ts';

/** Everything that a round needs, up and warm. */
export type RoadParts = {
  cluster: BenchCluster;
  ssh: KeptSsh;
  client: UnixClient;
  bare: BareSbatch;
  submitit: PeerProcess;
};

const WAYS = ['sluice', 'bare', 'submitit'] as const;
/** The way before must be off the processors: its job's end, its clean-up. */
const LEAST_PAUSE_MS = 400;
const SAY_EVERY = 10;

/** Takes the rounds. The first one warms everything up and is thrown away. */
export async function measureRoad(parts: RoadParts, count: number): Promise<RoadRound[]> {
  const [warmUp] = planRounds(WAYS, 1, Math.random);
  if (warmUp !== undefined) {
    await measureRound(parts, warmUp, 'warm-up');
  }
  const rounds: RoadRound[] = [];
  for (const [index, round] of planRounds(WAYS, count, Math.random).entries()) {
    rounds.push(await measureRound(parts, round, `round-${index}`));
    if ((index + 1) % SAY_EVERY === 0) {
      say(`round ${index + 1} of ${count}`);
    }
  }
  return rounds;
}

async function measureRound(
  parts: RoadParts,
  { order, startsAtMs }: Round<(typeof WAYS)[number]>,
  name: string
): Promise<RoadRound> {
  const { cluster, ssh, client, bare, submitit } = parts;
  const ways = {
    sluice: async () => ({ sluice: await runSluiceRoad(client, cluster.stampDir) }),
    bare: async () => ({ bare: await bare.run(name) }),
    submitit: async () => ({ submititMs: await submitit.call() })
  };
  const aloneMs = await measureStartAlone(cluster.python);
  const tripMs = await measureTrip(ssh);
  let found = {};
  for (const way of order) {
    await pause(waitMsUntil(nowMs(), startsAtMs, LEAST_PAUSE_MS));
    found = { ...found, ...(await ways[way]()) };
  }
  return { aloneMs, tripMs, ...found } as RoadRound;
}

/** One command that does nothing, through the kept connection. */
async function measureTrip(ssh: KeptSsh): Promise<number> {
  const startMs = nowMs();
  await ssh.run('true');
  return nowMs() - startMs;
}
