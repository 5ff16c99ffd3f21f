import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { CHECKOUT_PYTHON } from '../../testbed/write-files.ts';
import type { Benchmark } from '../benchmark.ts';
import type { Section } from '../measure/figure.ts';
import { planRounds } from '../measure/plan-rounds.ts';
import { ensurePeerEnvironment } from '../peers/peer-environment.ts';
import { type PeerProcess, startPeer } from '../peers/peer-process.ts';
import { measureStartAlone } from '../road/start-alone.ts';
import { say } from '../say.ts';
import { makeOwnState } from '../service/own-state.ts';
import type { UnixClient } from '../service/unix-client.ts';
import { startService } from '../service/service-process.ts';
import { type CleanUp, withCleanUp } from '../with-clean-up.ts';
import { callHere } from './call-here.ts';
import { type EarlierSlurmray, type HereRound, hereSection } from './here-section.ts';

const ROUNDS = 20;
/** SlurmRay takes a quarter of a minute for each. */
const ROUNDS_WITH_SLURMRAY = 5;
const EARLIER = join(import.meta.dirname, 'earlier-slurmray.json');
const SLURMRAY = {
  name: 'bench-slurmray',
  // torch by itself first, so that a build without CUDA is taken where one lies at hand.
  packages: [['torch==2.13.0'], ['slurmray==9.11.2']],
  timeoutMs: 900_000
};

/** A trivial cell on this machine, beside a trivial local call of SlurmRay. */
export const here: Benchmark = {
  name: 'here',
  about: "a trivial cell on the target `here`, beside SlurmRay's local call",
  async run({ rounds, withSlurmray }, scratch) {
    const count = rounds ?? (withSlurmray ? ROUNDS_WITH_SLURMRAY : ROUNDS);
    return withCleanUp(async cleanUp => {
      const service = await startService(await makeOwnState(scratch));
      cleanUp(service.end);
      const slurmray = withSlurmray ? await startSlurmray(scratch, cleanUp) : null;
      return [await measureHere({ client: service.client, slurmray }, count)];
    });
  }
};

type Parts = { client: UnixClient; slurmray: PeerProcess | null };

async function measureHere({ client, slurmray }: Parts, count: number): Promise<Section> {
  const ways = {
    here: async () => ({ hereMs: await callHere(client) }),
    alone: async () => ({ aloneMs: await measureStartAlone(CHECKOUT_PYTHON) }),
    slurmray: async () => ({ slurmrayMs: (await slurmray?.call()) ?? null })
  };
  // What only the first cell pays: the worker is put in place, the Python is looked at.
  await callHere(client);
  const rounds: HereRound[] = [];
  for (const { order } of planRounds(['here', 'alone', 'slurmray'] as const, count, Math.random)) {
    let found = {};
    for (const way of order) {
      found = { ...found, ...(await ways[way]()) };
    }
    rounds.push(found as HereRound);
  }
  const earlier = JSON.parse(await readFile(EARLIER, 'utf8')) as EarlierSlurmray;
  return hereSection(rounds, slurmray?.version ?? null, earlier);
}

async function startSlurmray(scratch: string, cleanUp: CleanUp): Promise<PeerProcess> {
  const python = await ensurePeerEnvironment(SLURMRAY);
  const cwd = join(scratch, 'slurmray');
  await mkdir(cwd, { recursive: true });
  const program = 'slurmray_peer.py';
  const slurmray = await startPeer({ python, program, arguments: [], cwd, environment: {} });
  cleanUp(slurmray.end);
  say(`SlurmRay ${slurmray.version} is ready`);
  // As for ours: the first call warms up.
  await slurmray.call();
  return slurmray;
}
