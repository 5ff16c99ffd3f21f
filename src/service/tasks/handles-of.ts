import { SluiceError } from '../../shared/errors';
import type { Capture } from '../../shared/wire/capture';
import type { ResultVariable } from '../../shared/wire/events';
import type { Place, TaskRecord } from '../store/task-record';
import { runDirectory } from './build-job';
import { isOurName } from './result-rules';

/** A value of a former task that the worker uses where it lies; `path` of each file is absolute there. */
export type Handle = {
  name: string;
  format: NonNullable<ResultVariable['format']>;
  files: ResultVariable['files'];
};

/** A name of the cell that is bound to such a value. */
export type NamedHandle = Capture['handles'][number];

/** What a cell asked for, with what is known of it. */
export type FoundHandle = { asked: NamedHandle; record: TaskRecord; result: ResultVariable };

type Finding = {
  find: (task: string) => TaskRecord | undefined;
  /** The target that the cell is to run on, for words. */
  target: string;
  host: string;
};

/** The newest of that name; it is whole there, whether or not it is here as well. */
function resultOf(record: TaskRecord, name: string): ResultVariable | undefined {
  return record.results.findLast(result => result.name === name && result.files.length > 0);
}

/**
 * What the store knows of the values of former tasks that a cell uses.
 *
 * Errors: `value-gone` for one that no task here left.
 */
export function findHandles(
  capture: Pick<Capture, 'handles'> | null,
  { find, host }: Pick<Finding, 'find' | 'host'>
): FoundHandle[] {
  return (capture?.handles ?? []).map(asked => {
    const record = find(asked.task);
    const result = record === undefined ? undefined : resultOf(record, asked.variable);
    if (record === undefined || result === undefined) {
      const problem =
        record === undefined ? 'no such task is known here' : 'the task left no such value';
      throw valueGone(asked, host, problem);
    }
    return { asked, record, result };
  });
}

/** Errors: `value-gone`. */
export function valueGone(
  { name, task }: Pick<NamedHandle, 'name' | 'task'>,
  host: string,
  problem: string
): SluiceError {
  return new SluiceError('value-gone', { name, id: task, host, problem });
}

const isSamePlace = (a: Place, b: Place): boolean =>
  a.host === b.host && a.sshConfig === b.sshConfig && a.root === b.root;

/**
 * Where the values lie that a cell uses in place.
 *
 * Errors: `value-elsewhere`, `value-gone`.
 */
export function handlesOf(
  capture: Pick<Capture, 'handles'> | null,
  place: Place,
  finding: Finding
): Handle[] {
  return findHandles(capture, finding).map(({ asked, record, result }) => {
    const { name } = asked;
    if (record.place === null || !isSamePlace(record.place, place)) {
      throw new SluiceError('value-elsewhere', {
        name,
        where: record.target,
        target: finding.target
      });
    }
    if (result.format === null || !result.files.every(isOurName)) {
      throw valueGone(asked, finding.host, 'what its worker told of it is not to be trusted');
    }
    const folder = `${runDirectory(record.place, record.id)}/attempts/${record.attempt}/results`;
    const files = result.files.map(file => ({ ...file, path: `${folder}/${file.sha256}` }));
    return { name, format: result.format, files };
  });
}
