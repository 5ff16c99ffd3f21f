import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '../../shared/errors';
import { venvPython } from '../service-stand';
import { compareCapture, type Found } from './compare-capture';
import { compareRun } from './compare-run';
import type { CorpusCase } from './corpus-case';
import type { CorpusService } from './corpus-service';
import { foundOfPlan, foundOfRefusal } from './found-of-plan';
import type { Kernel, KernelHouse } from './kernel-house';
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
  const kit = { ...service.kit, maxVariableBytes: corpusCase.limit };
  const asked = await kernel.request(cell, options, kit);
  if (asked.refused !== null) {
    return { found: foundOfRefusal([asked.refused]), runs: null };
  }
  const request = service.read(asked.request);
  const planned = await orRefusal(async () => {
    const obstacles = await service.obstacles(request);
    return foundOfPlan(await service.plan(request), obstacles);
  });
  if ('refusal' in planned) {
    return { found: foundOfRefusal([inWords(planned.refusal)]), runs: null };
  }
  const found = planned.result;
  const laidOut = await orRefusal(() => service.layOut(request));
  if ('refusal' in laidOut) {
    return { found: withRefusal(found, laidOut.refusal), runs: null };
  }
  return { found, runs: () => runTwice(cell, laidOut.result, scene) };
}

async function orRefusal<Result>(
  work: () => Promise<Result>
): Promise<{ result: Result } | { refusal: SluiceError }> {
  try {
    return { result: await work() };
  } catch (refusal) {
    if (refusal instanceof SluiceError) {
      return { refusal };
    }
    throw refusal;
  }
}

/** What only sending finds; of what the kernel found, sending says the first again. */
function withRefusal(found: Found, refusal: SluiceError): Found {
  if (found.obstacles.length > 0) {
    return found;
  }
  const { code, words } = inWords(refusal);
  return { ...found, obstacles: [{ item: code, reason: words }] };
}

function inWords({ code, message, hint }: SluiceError): { code: string; words: string } {
  return { code, words: `${message} ${hint}` };
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
