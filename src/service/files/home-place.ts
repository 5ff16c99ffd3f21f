import { basename, dirname, isAbsolute, join } from 'node:path';
import type { SubmitRequest } from '../../shared/wire/submit';
import type { Place } from '../store/task-record';
import { Hosts } from '../tasks/hosts';

/** The folder here in which a local run of the same would have written; null: none is known. */
export function homeFolder({ capture, origin, payload, projectDir }: SubmitRequest): string | null {
  const notebook = origin?.notebookPath ?? null;
  const folders = [
    capture?.cwd ?? null,
    notebook === null ? null : isAbsolute(notebook) ? dirname(notebook) : null,
    payload.kind === 'script' ? dirname(payload.path) : null,
    projectDir
  ];
  return folders.find(folder => folder !== null && isAbsolute(folder)) ?? null;
}

/** What all cells of one notebook have in common, by whichever front end; null: it is no cell's. */
export function notebookKey(request: SubmitRequest): string | null {
  const notebook = request.origin?.notebookPath ?? null;
  const folder = homeFolder(request);
  return notebook === null || folder === null ? null : join(folder, basename(notebook));
}

/** Host and root as one word: tasks of two targets that lead there see each other's files. */
export function placeKey(place: Place): string {
  return `${Hosts.key(place)} ${place.root}`;
}
