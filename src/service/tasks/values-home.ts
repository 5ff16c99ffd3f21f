import { SluiceError } from '../../shared/errors';
import { sizeWords } from '../../shared/size-words';
import type { ValueRequest } from '../../shared/wire/decide';
import type { ResultVariable } from '../../shared/wire/events';
import type { HomeVariable } from '../../shared/wire/task';
import type { Place, TaskRecord } from '../store/task-record';
import type { IClock } from './clock';
import { valueGone } from './handles-of';
import type { Hosts } from './hosts';
import { homeVariable, type ResultFetcher } from './result-fetcher';
import { isOurName, isVariableName, needsWord, plainLine, withheldWords } from './result-rules';
import type { TaskBoard } from './task-board';

export type ValuesHomeOptions = {
  board: Pick<TaskBoard, 'get' | 'patch'>;
  hosts: Hosts;
  results: ResultFetcher;
  clock: IClock;
};

type Work = { signal: AbortController; waiting: number; done: Promise<HomeVariable> };

/** A task's line is written to disk with each change. */
const TELL_MS = 1000;

/** Brings values here that did not come by themselves, when a person asks for them. */
export class ValuesHome {
  /** Several who ask for one value wait for the same bytes. */
  private readonly running = new Map<string, Work>();

  constructor(private readonly options: ValuesHomeOptions) {}

  /**
   * Bring one value of a task here, whatever its size; what an earlier try brought is taken up. It goes on
   * for as long as somebody waits.
   *
   * Errors: `not-found`, `value-withheld`, `value-gone`, `download-failed`, and those of the transport.
   */
  async bring(
    record: TaskRecord,
    { name, load }: ValueRequest,
    signal: AbortSignal
  ): Promise<HomeVariable> {
    const { place } = record;
    const result = record.results.findLast(each => each.name === name && each.files.length > 0);
    if (place === null || result === undefined || !isVariableName(name)) {
      throw new SluiceError('not-found', { what: 'kept value', id: name });
    }
    this.check(record, place, result, load);
    const key = `${record.id} ${name}`;
    let work = this.running.get(key);
    if (work === undefined) {
      const controller = new AbortController();
      const done = this.fetch(record, place, result, controller.signal).finally(() =>
        this.running.delete(key)
      );
      work = { signal: controller, waiting: 0, done };
      this.running.set(key, work);
    }
    return this.wait(work, signal);
  }

  private async wait(work: Work, signal: AbortSignal): Promise<HomeVariable> {
    work.waiting += 1;
    const leave = (): void => {
      work.waiting -= 1;
      if (work.waiting === 0) {
        work.signal.abort(new Error('nobody waits for it any more'));
      }
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await work.done;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  private check(record: TaskRecord, place: Place, result: ResultVariable, load: boolean): void {
    const { name, format, files } = result;
    if (needsWord(format, place.trust ?? 'none') && !load) {
      throw new SluiceError('value-withheld', { name, target: record.target });
    }
    if (format === null || !files.every(isOurName)) {
      const { host } = this.options.hosts.transport(place);
      const problem = 'what its worker told of it is not to be trusted';
      throw valueGone({ name, task: record.id }, host, problem);
    }
  }

  private async fetch(
    record: TaskRecord,
    place: Place,
    result: ResultVariable,
    signal: AbortSignal
  ): Promise<HomeVariable> {
    const { board, results, hosts } = this.options;
    const { id, target } = record;
    const { name, type, bytes, format, files } = result;
    try {
      const progress = this.progress(id, result);
      const brought = await results.bring(record, place, files, signal, progress);
      for (const file of brought.values()) {
        if ('problem' in file) {
          throw refusal(result, record, hosts.transport(place).host, file);
        }
      }
      const from = { task: id, target };
      const known = { name, type: plainLine(type, 200), bytes, format, files: [], from };
      const here = homeVariable(
        { variable: { ...known, reason: null, kept: null }, files },
        brought
      );
      this.note(record, place, here);
      return here;
    } finally {
      board.patch(id, { progress: null });
    }
  }

  /** What is here now is bound by itself next time; a pickle waits for a person's word each time. */
  private note({ id, target }: TaskRecord, place: Place, here: HomeVariable): void {
    const { board } = this.options;
    const trust = place.trust ?? 'none';
    const context = { task: id, target, trust, limitBytes: 0 };
    const kept: HomeVariable = needsWord(here.format, trust)
      ? { ...here, kept: 'withheld', reason: withheldWords(here, context) }
      : here;
    const { variables } = board.get(id);
    board.patch(id, {
      variables: variables.map(each => (each.name === here.name ? kept : each))
    });
  }

  private progress(id: string, { name, bytes }: ResultVariable): (done: number) => void {
    const { board, clock } = this.options;
    let toldAtMs = Number.NEGATIVE_INFINITY;
    return done => {
      const nowMs = clock.elapsedMs();
      if (nowMs - toldAtMs >= TELL_MS) {
        toldAtMs = nowMs;
        const progress = `fetching ${name}: ${sizeWords(done)} of ${sizeWords(bytes)}`;
        board.patch(id, { progress });
      }
    };
  }
}

function refusal(
  { name }: ResultVariable,
  { id }: TaskRecord,
  host: string,
  { problem, isLocal }: { problem: string; isLocal: boolean }
): SluiceError {
  return isLocal
    ? new SluiceError('download-failed', { path: name, host, problem })
    : valueGone({ name, task: id }, host, problem);
}
