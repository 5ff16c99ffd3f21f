import type { Logger } from 'pino';
import { SluiceError } from '../../shared/errors';
import type { Choice } from '../../shared/wire/task';
import type { Place, TaskRecord } from '../store/task-record';
import type { RunFacts } from './fence';
import type { Hosts } from './hosts';
import type { RunInspector } from './run-inspector';
import type { TaskBoard } from './task-board';

export type ResolverOptions = {
  board: TaskBoard;
  hosts: Hosts;
  inspector: RunInspector;
  log: Logger;
  /** Look for its job now; resolves after that look. */
  look: (record: TaskRecord) => Promise<void>;
  accept: (id: string, jobId: string) => void;
  /** Cancel it; resolves after the first try. */
  cancel: (id: string) => Promise<void>;
  /** The same request as a task of its own; again the same one for the same task. */
  again: (record: TaskRecord) => TaskRecord;
};

/** Carries out what a person decides about a task of which it is not known what became of it. */
export class Resolver {
  constructor(private readonly options: ResolverOptions) {}

  /**
   * The task afterwards, or the new one. Errors: `resolve-unneeded` where it is certain what became of it;
   * the transport's where it must be made sure of first, and nothing was changed.
   */
  async resolve(record: TaskRecord, choice: Choice): Promise<TaskRecord> {
    const { id, phase, place, cancelRequested } = record;
    if (phase !== 'unknown' || place === null) {
      throw new SluiceError('resolve-unneeded', { id, phase });
    }
    this.options.log.info({ task: id, choice }, 'a person decided');
    switch (choice) {
      case 'look':
        await this.options.look(record);
        break;
      case 'give-up':
        if (!cancelRequested) {
          this.options.board.patch(id, { cancelRequested: true, progress: 'giving up' });
        }
        await this.options.cancel(id);
        break;
      case 'run-again':
        return this.runAgain(record, place);
    }
    return this.options.board.get(id);
  }

  private async runAgain(record: TaskRecord, place: Place): Promise<TaskRecord> {
    const { board, accept, again, cancel } = this.options;
    const { id } = record;
    const { owner } = await this.fenced(record, place);
    if (owner.kind === 'job' && record.jobId === null) {
      // It ran after all: it goes on as what it is.
      accept(id, owner.jobId);
      return board.get(id);
    }
    const next = again(record);
    const reason = {
      code: 'given-up',
      message: `You gave it up, and run it again as ${next.id}.`,
      hint: 'Nothing of it can start any more.',
      token: null,
      details: { task: next.id }
    };
    board.patch(id, { cancelRequested: true, progress: 'giving up', reason });
    await cancel(id);
    return next;
  }

  /** Make sure that no worker begins it, or begins it again. */
  private async fenced(record: TaskRecord, place: Place): Promise<RunFacts> {
    const { inspector, hosts } = this.options;
    // A run that nobody is known to have begun may turn out to run: then it must be free to go on.
    const depth = record.jobId === null ? 'fence' : 'end';
    const facts = await inspector.facts(place, record.id, depth);
    if ('fault' in facts) {
      const { host } = hosts.transport(place);
      throw new SluiceError('root-unusable', { host, root: place.root, problem: facts.fault });
    }
    if (facts.owner.kind === 'unreadable') {
      const problem = 'somebody claimed the run, and who it is cannot be read';
      throw new SluiceError('submission-unknown', { problem });
    }
    return facts;
  }
}
