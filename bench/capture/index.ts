import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Benchmark } from '../benchmark.ts';
import type { Section } from '../measure/figure.ts';
import { say } from '../say.ts';
import { joinSections } from './join-sections.ts';
import { captureScan } from './scan.ts';
import { captureSnippet } from './snippet.ts';
import { captureValues } from './values.ts';

const PARTS: readonly Benchmark[] = [captureSnippet, captureValues, captureScan];

/** What capturing costs, part by part, in one table. */
export const capture: Benchmark = {
  name: 'capture',
  about: PARTS.map(({ about }) => about).join('; '),
  async run(options, scratch) {
    const sections: Section[] = [];
    for (const part of PARTS) {
      say(`${part.name} ...`);
      const own = join(scratch, part.name);
      await mkdir(own);
      sections.push(...(await part.run(options, own)));
    }
    return [joinSections('capture', sections)];
  }
};
