import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { CHECKOUT_PYTHON } from '../../testbed/write-files.ts';
import type { Benchmark } from '../benchmark.ts';
import { LineProcess } from '../line-process.ts';
import { say } from '../say.ts';
import { withCleanUp } from '../with-clean-up.ts';
import { type ValuesRound, valuesSection, type ValuesVersions } from './values-section.ts';

const ROUNDS = 11;
const PEAK_ROUNDS = 3;
const ANSWER_TIMEOUT_MS = 300_000;
const PROGRAM = join(import.meta.dirname, 'values_program.py');

/** Large values on their way out of a kernel, beside dill and beside the bare disk. */
export const captureValues: Benchmark = {
  name: 'capture-values',
  about: 'a 100 MB array leaves a kernel, beside `dill.dumps` and beside a bare hash and write',
  async run({ rounds }, scratch) {
    return withCleanUp(async cleanUp => {
      const child = spawn(CHECKOUT_PYTHON, ['-u', PROGRAM, scratch], {
        stdio: ['pipe', 'pipe', 'pipe']
      });
      const program = new LineProcess('values_program.py', child);
      cleanUp(() => program.end());
      const versions = (await answerOf(program)) as ValuesVersions;
      // The first round also reads the modules.
      await ask(program, 'round');
      const found: ValuesRound[] = [];
      for (let round = 0; round < (rounds ?? ROUNDS); round++) {
        found.push((await ask(program, 'round')) as ValuesRound);
      }
      say('peak memory ...');
      const peaksMb: number[] = [];
      for (let round = 0; round < Math.min(rounds ?? PEAK_ROUNDS, PEAK_ROUNDS); round++) {
        peaksMb.push(((await ask(program, 'peak')) as { peakMb: number }).peakMb);
      }
      return [valuesSection(found, peaksMb, versions)];
    });
  }
};

export default captureValues;

function ask(program: LineProcess, what: 'round' | 'peak'): Promise<unknown> {
  program.write(what);
  return answerOf(program);
}

async function answerOf(program: LineProcess): Promise<unknown> {
  return JSON.parse(await program.nextLine(ANSWER_TIMEOUT_MS));
}
