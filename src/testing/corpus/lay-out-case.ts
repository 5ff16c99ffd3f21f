import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { CaseChange, CaseItem, CorpusCase } from './corpus-case';

/** Where a case lies on disk. */
export type CasePlace = {
  /** Holds the project; what lies beside the project lies here. */
  outer: string;
  /** Its name has a space and letters that are not ASCII. */
  project: string;
  /** The notebook's folder. */
  notebook: string;
  /** Stands for the installed distributions. */
  site: string;
};

/** What no text can be; the kernel's Python makes it. */
export type Build = { kind: 'extension' | 'bytecode'; path: string; source: string };

const STAMP_S = 1_700_000_000;

/** Put a case's files below a folder; what Python has to make is given back. */
export function layOutCase(
  corpusCase: CorpusCase,
  folder: string
): { place: CasePlace; builds: Build[] } {
  const project = join(folder, 'away', 'Übung 1');
  const place = {
    outer: join(folder, 'away'),
    project,
    notebook: join(project, corpusCase.cwd),
    site: join(folder, 'site-packages')
  };
  mkdirSync(place.notebook, { recursive: true });
  mkdirSync(place.site);
  const builds = corpusCase.items.flatMap(item => layOut(item, place));
  return { place, builds };
}

/** Change files as a person does who goes on working. */
export function changeFiles(changes: readonly CaseChange[], place: CasePlace): void {
  for (const change of changes) {
    const path = join(place.project, change.path);
    if (change.kind === 'delete') {
      rmSync(path, { recursive: true });
    } else {
      writeFileSync(path, fill(change.content, place));
    }
  }
}

/** Text of a case may name its own folder. */
export function fillText(text: string, { project, site }: CasePlace): string {
  return text.replaceAll('@ROOT@', project).replaceAll('@SITE@', site);
}

function fill(content: Buffer, place: CasePlace): Buffer {
  return content.includes('@ROOT@') || content.includes('@SITE@')
    ? Buffer.from(fillText(content.toString(), place))
    : content;
}

function layOut(item: CaseItem, place: CasePlace): Build[] {
  const path = join(item.kind === 'site' ? place.site : place.project, item.path);
  mkdirSync(dirname(path), { recursive: true });
  switch (item.kind) {
    case 'file':
    case 'site':
      writeFileSync(path, fill(item.content, place));
      // Older than any edit, so that Python notices one of the same size.
      utimesSync(path, STAMP_S, STAMP_S);
      return [];
    case 'link':
      symlinkSync(fillText(item.target, place), path);
      return [];
    case 'folder':
      mkdirSync(path, { recursive: true });
      return [];
    case 'fifo':
      execFileSync('mkfifo', [path]);
      return [];
    case 'size':
      writeFileSync(path, '');
      truncateSync(path, item.bytes);
      return [];
    case 'mode':
      chmodSync(path, item.mode);
      return [];
    case 'extension':
    case 'bytecode':
      return [{ kind: item.kind, path, source: item.source }];
  }
}
