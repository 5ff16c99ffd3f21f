import type { ICodeCellModel } from '@jupyterlab/cells';
import type { PartialJSONObject } from '@lumino/coreutils';
import { writeSilently } from '../cell/write-silently';

/** Data files by path or pattern: what a person wants sent with a cell, or wants to stay. */
export type ChosenFiles = { include: string[]; exclude: string[] };

const KEY = 'sluice';

/** What was chosen for a cell, from its metadata; what cannot be read counts as not chosen. */
export function chosenFiles(model: ICodeCellModel): ChosenFiles {
  const files = own(model)['files'] as Partial<Record<keyof ChosenFiles, unknown>> | undefined;
  return { include: texts(files?.include), exclude: texts(files?.exclude) };
}

/** Remember for a cell that a file travels, or stays; the last word counts. */
export function chooseFile(model: ICodeCellModel, path: string, travels: boolean): void {
  const { include, exclude } = chosenFiles(model);
  const others = (paths: string[]): string[] => paths.filter(one => one !== path);
  const files = {
    include: travels ? [...others(include), path] : others(include),
    exclude: travels ? others(exclude) : [...others(exclude), path]
  };
  writeSilently(model, () => model.sharedModel.setMetadata(KEY, { ...own(model), files }));
}

function own(model: ICodeCellModel): PartialJSONObject {
  const value: unknown = model.sharedModel.getMetadata(KEY);
  return typeof value === 'object' && value !== null ? (value as PartialJSONObject) : {};
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(one => typeof one === 'string') : [];
}
