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

/** Remember for a cell which of some files travel, the others stay; the last word counts. */
export function chooseFiles(
  model: ICodeCellModel,
  asked: readonly { path: string }[],
  travels: ReadonlySet<string>
): void {
  const paths = asked.map(({ path }) => path);
  const { include, exclude } = chosenFiles(model);
  const others = (known: string[]): string[] => known.filter(one => !paths.includes(one));
  const files = {
    include: [...others(include), ...paths.filter(path => travels.has(path))],
    exclude: [...others(exclude), ...paths.filter(path => !travels.has(path))]
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
