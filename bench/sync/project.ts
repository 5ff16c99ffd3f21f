import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Entry, OwnCode, Parcel } from './own-code.ts';

const FILES_IN_FOLDER = 50;

/** Write a project of so many small modules. */
export async function makeProject(dir: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const folder = join(dir, `part${Math.floor(index / FILES_IN_FOLDER)}`);
    if (index % FILES_IN_FOLDER === 0) {
      await mkdir(folder, { recursive: true });
    }
    await writeFile(join(folder, `module${index}.py`), moduleText(`${index}`));
  }
}

/** Edit one of its modules. */
export async function editModule(dir: string, index: number): Promise<void> {
  const folder = join(dir, `part${Math.floor(index / FILES_IN_FOLDER)}`);
  await writeFile(join(folder, `module${index}.py`), moduleText(`${index} ${Math.random()}`));
}

function moduleText(word: string): string {
  const line = (number: number): string => `def function_${number}():\n    return '${word}'\n`;
  return Array.from({ length: 40 }, (_, number) => line(number)).join('\n');
}

/** Looks at each file of a project, reads what changed, and gives the project as a snapshot. */
export class ProjectScan {
  readonly #code: OwnCode;
  readonly #dir: string;
  readonly #hashes: InstanceType<OwnCode['FileHashes']>;

  constructor(code: OwnCode, dir: string) {
    this.#code = code;
    this.#dir = dir;
    this.#hashes = new code.FileHashes();
  }

  parcel(): Parcel {
    const found = readdirSync(this.#dir, { recursive: true, withFileTypes: true });
    const paths = found.filter(each => each.isFile()).map(each => join(each.parentPath, each.name));
    const entries = paths.map(path => this.#entry(path));
    entries.sort((a, b) => (a.place < b.place ? -1 : 1));
    const lines = entries.map(e => JSON.stringify([e.place, e.sha256, e.bytes, e.executable]));
    const text = lines.map(line => `${line}\n`).join('');
    return this.#code.buildSnapshotParcel({ hash: sha256(text), text, entries });
  }

  #entry(absolute: string): Entry {
    const facts = statSync(absolute);
    const place = `modules/0/${absolute.slice(this.#dir.length + 1)}`;
    const known = this.#hashes.get(absolute, facts) ?? this.#read(absolute, facts);
    return { place, sha256: known, bytes: facts.size, executable: false, absolute };
  }

  #read(absolute: string, facts: Stats): string {
    const readAtMs = Date.now();
    const hash = sha256(readFileSync(absolute));
    this.#hashes.set(absolute, facts, hash, readAtMs);
    return hash;
  }
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
