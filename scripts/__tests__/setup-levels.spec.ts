import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type StepSays = { name: string; inputs: string[]; outputs: string[] };

const SET_UP = pathToFileURL(join(__dirname, '../setup/set-up.mjs')).href;
const SAY = `
const { levels } = await import('${SET_UP}');
console.log(JSON.stringify(levels));
`;

const readLevels = (): Record<string, StepSays[]> =>
  JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', SAY], { encoding: 'utf8' })
  ) as Record<string, StepSays[]>;

const isBelow = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(`${folder}/`);

describe('each level of the set-up', () => {
  const levels = readLevels();
  const makers = levels['all'] ?? [];

  it.each(Object.entries(levels))('%s makes what it packs first', (_, steps) => {
    steps.forEach((step, index) => {
      const done = steps.slice(0, index).map(({ name }) => name);
      const needed = makers.filter(maker =>
        maker.outputs.some(output => step.inputs.some(input => isBelow(output, input)))
      );
      expect(done).toEqual(expect.arrayContaining(needed.map(({ name }) => name)));
    });
  });

  it('packs the compiled library of the browser’s half', () => {
    expect(levels['labextension']?.map(({ name }) => name)).toEqual(['lib', 'labextension']);
  });
});
