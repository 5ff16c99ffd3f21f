import type { QueryOutcome } from '../schedulers/scheduler';
import type { Place } from '../store/task-record';
import { runDirectory } from './build-job';
import { type Finding, jobInFiles, judgeDoubt, mayBeSubmitted } from './doubt';
import { buildFence, type FenceDepth, type FenceReply, parseFence, type RunFacts } from './fence';
import type { Hosts } from './hosts';
import { toAnswer } from './poller';

const FILES_TIMEOUT_MS = 60_000;
const SEARCH_TIMEOUT_MS = 90_000;
const NOT_ASKED: QueryOutcome = { kind: 'answered', reports: [] };

/** Finds out what became of runs whose submit was never answered. */
export class RunInspector {
  constructor(private readonly hosts: Hosts) {}

  /** What a run's own files tell, after it was fenced where that is asked. Errors: the transport's. */
  async facts(place: Place, id: string, depth: FenceDepth): Promise<FenceReply> {
    const text = buildFence([runDirectory(place, id)], depth);
    const action = depth === 'look' ? 'look for the job' : 'give the run up';
    const transport = this.hosts.transport(place);
    const { stdout } = await transport.run(text, { action, timeoutMs: FILES_TIMEOUT_MS });
    return parseFence(stdout.toString(), 1)[0] ?? { fault: 'nothing was answered' };
  }

  /** The files, then the scheduler where they name no job. Errors: the transport's. */
  async find(place: Place, id: string): Promise<Finding> {
    const facts = await this.facts(place, id, 'look');
    return 'fault' in facts
      ? { kind: 'doubt', problem: facts.fault }
      : this.judge(place, id, facts, true);
  }

  /**
   * What these facts come to, with a search where it can change that; `mayBeLost`: also where no hand-over
   * is seen, as before it is repeated. Errors: the transport's.
   */
  async judge(place: Place, id: string, facts: RunFacts, mayBeLost: boolean): Promise<Finding> {
    const scheduler = this.hosts.scheduler(place.scheduler);
    const isNeeded = jobInFiles(facts, scheduler) === null && (mayBeLost || mayBeSubmitted(facts));
    const search = isNeeded ? await this.search(place, id) : NOT_ASKED;
    return judgeDoubt(facts, search, scheduler);
  }

  /** Jobs of this key in the queue and in the books. Errors: the transport's. */
  async search(place: Place, id: string): Promise<QueryOutcome> {
    const scheduler = this.hosts.scheduler(place.scheduler);
    const text = scheduler.buildSearch({ key: id, directory: runDirectory(place, id) });
    const how = { action: 'look for the job by its name', timeoutMs: SEARCH_TIMEOUT_MS };
    return scheduler.parseSearch(toAnswer(await this.hosts.transport(place).run(text, how)));
  }
}
