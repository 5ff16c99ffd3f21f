import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CorpusService } from '../../testing/corpus/corpus-service';
import { KernelHouse } from '../../testing/corpus/kernel-house';
import { readCorpus, readPending } from '../../testing/corpus/read-corpus';
import { renderCorpusTable } from '../../testing/corpus/render-corpus-table';
import { type CorpusStand, runCase } from '../../testing/corpus/run-case';
import { takeTurns } from '../../testing/corpus/take-turns';

const folder = join(__dirname, 'corpus');
const page = resolve(__dirname, '../../../docs/capture-cases.md');
const PATIENCE_MS = 600_000;
/** Each case is two Python processes, one after the other. */
const AT_ONCE = 2;

const only = process.env['CORPUS_ONLY'];
const all = readCorpus(folder);
const cases = all.filter(({ name }) => only === undefined || new RegExp(only).test(name));
const pending = readPending(join(folder, 'pending.txt'));

type Outcome = { differences: string[] } | { failure: unknown };

/** The page that counts the cases; `UPDATE_DOCS=1` writes it anew. */
function renderPage(): string {
  return `# What capture is tested with

Each case is a text below \`src/capture/__tests__/corpus\`: cells, files on disk, and the manifest
that has to come of them, in full. It is captured from a real kernel, then run from its bundle in a
fresh process that does not see the notebook's folder, and must show there what it shows here.

${renderCorpusTable(all)}`;
}

describe('the corpus', () => {
  let service: CorpusService;
  let house: KernelHouse | null = null;
  let outcomes = new Map<string, Promise<Outcome>>();

  beforeAll(async () => {
    service = CorpusService.open();
    house = await KernelHouse.open(service.directory);
    const stand: CorpusStand = { service, house };
    const results = takeTurns(cases, AT_ONCE, each =>
      runCase(each, stand).then(
        (differences): Outcome => ({ differences }),
        (failure: unknown): Outcome => ({ failure })
      )
    );
    outcomes = new Map(cases.map(({ name }, index) => [name, results[index] as Promise<Outcome>]));
  });

  afterAll(async () => {
    await Promise.all(outcomes.values());
    await house?.close();
    await service.close();
  }, PATIENCE_MS);

  it.each(cases.filter(({ name }) => !pending.has(name)).map(each => [each.name, each.title]))(
    '%s: %s',
    async name => {
      expect(await outcomes.get(name)).toEqual({ differences: [] });
    },
    PATIENCE_MS
  );

  for (const { name } of cases.filter(each => pending.has(each.name))) {
    it(
      `${name} does not hold yet`,
      async () => {
        expect(await outcomes.get(name)).not.toEqual({ differences: [] });
      },
      PATIENCE_MS
    );
  }

  it('has a case for each name that waits', () => {
    const names = new Set(all.map(({ name }) => name));
    expect([...pending.keys()].filter(name => !names.has(name))).toEqual([]);
  });

  it('is what the documentation counts', () => {
    if (process.env['UPDATE_DOCS'] === '1') {
      writeFileSync(page, renderPage());
    }
    expect(readFileSync(page, 'utf8')).toBe(renderPage());
  });
});
