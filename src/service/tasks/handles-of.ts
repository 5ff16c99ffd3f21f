import type { Capture } from '../../shared/wire/capture';
import type { ResultVariable } from '../../shared/wire/events';

/** A value of a former task that the worker uses where it lies; `path` of each file is absolute there. */
export type Handle = {
  name: string;
  format: NonNullable<ResultVariable['format']>;
  files: ResultVariable['files'];
};

/** The values of former tasks that a cell uses in place. */
export function handlesOf(_capture: Capture | null): Handle[] {
  return [];
}
