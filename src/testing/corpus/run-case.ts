import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '../../shared/errors';
import { venvPython } from '../service-stand';
import { compareCapture, type Found } from './compare-capture';
import { compareRun } from './compare-run';
import type { CorpusCase } from './corpus-case';
import type { CorpusService } from './corpus-service';
import { foundOfPlan, foundOfRefusal } from './found-of-plan';
import type { Asked, Kernel, KernelHouse } from './kernel-house';
import { type CasePlace, changeFiles, fillText, layOutCase } from './lay-out-case';
import { runBundle } from './run-bundle';

export type CorpusStand = { service: CorpusService; house: KernelHouse };

/** A captured cell that can run, or what forbids that. */
type Captured = { found: Found; runs: (() => Promise<{ here: string; there: string }>) | null };

/** Capture a case and run it from its bundle; each difference to what it expects, in words. */
export async function runCase(corpusCase: CorpusCase, stand: CorpusStand): Promise<string[]> {
  const folder = join(stand.service.directory, 'cases', corpusCase.name);
  mkdirSync(folder, { recursive: true });
  const { place, builds } = layOutCase(corpusCase, folder);
  const kernel = await stand.house.kernel();
  try {
    await kernel.start({
      folder: place.notebook,
      site: place.site,
      builds,
      before: corpusCase.before.map(cell => fillText(cell, place))
    });
    changeFiles(corpusCase.changes, place);
    const { found, runs } = await capture(corpusCase, { ...stand, kernel, place });
    const differences = compareCapture(corpusCase, relative(found, place));
    if (runs === null) {
      return corpusCase.runs.kind === 'refused'
        ? differences
        : [...differences, 'runs: it was refused'];
    }
    const wrong = compareRun(corpusCase.runs, await runs());
    return wrong === null ? differences : [...differences, wrong];
  } finally {
    kernel.end();
  }
}

type Scene = CorpusStand & { kernel: Kernel; place: CasePlace };

async function capture(corpusCase: CorpusCase, scene: Scene): Promise<Captured> {
  const { service, kernel, place } = scene;
  const cell = fillText(corpusCase.cell, place);
  const options = fillText(corpusCase.options, place);
  const asked = await kernel.request(cell, options, {
    ...service.kit,
    maxVariableBytes: corpusCase.limit
  });
  try {
    return await planned(asked, cell, scene);
  } catch (error) {
    if (error instanceof SluiceError) {
      const { code, message, hint } = error;
      return { found: foundOfRefusal([{ code, words: `${message} ${hint}` }]), runs: null };
    }
    throw error;
  }
}

async function planned(asked: Asked, cell: string, scene: Scene): Promise<Captured> {
  const { service } = scene;
  if (asked.refused !== null) {
    return { found: foundOfRefusal([asked.refused]), runs: null };
  }
  const request = service.read(asked.request);
  const obstacles = await service.obstacles(request);
  const found = foundOfPlan(await service.plan(request), obstacles);
  if (obstacles.length > 0) {
    return { found, runs: null };
  }
  const { worker, run } = await service.layOut(request);
  return { found, runs: () => runTwice(cell, { worker, run }, scene) };
}

/** Here with all that is here, then there with nothing but the bundle. */
async function runTwice(
  cell: string,
  bundle: { worker: string; run: string },
  { service, kernel, place }: Scene
): Promise<{ here: string; there: string }> {
  const here = await kernel.run(cell);
  renameSync(place.outer, `${place.outer}.gone`);
  const home = join(service.directory, 'home');
  mkdirSync(home, { recursive: true });
  const there = await runBundle({ python: venvPython, ...bundle, site: place.site, home });
  return { here, there };
}

/** The words of a case do not know where it lies. */
function relative(found: Found, { project, outer }: CasePlace): Found {
  const text = JSON.stringify(found).replaceAll(project, '@ROOT@').replaceAll(outer, '@OUTER@');
  return JSON.parse(text) as Found;
}
