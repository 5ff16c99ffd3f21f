import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A short new directory, open to every user so that an ordinary account can live below it. */
export function makeScratch(): { dir: string; remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'tb-'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
