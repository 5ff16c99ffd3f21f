import type { TranslationBundle } from '@jupyterlab/translation';
import type { AdoptReport } from '../../shared/wire/adopt';
import type { ISluiceService } from '../service';
import type { IProgress } from '../show-progress';
import { type ITaskStore, toProblem } from '../tasks/task-store';

export type FindJobsOptions = {
  service: Pick<ISluiceService, 'adopt'>;
  store: Pick<ITaskStore, 'refresh'>;
  trans: TranslationBundle;
  /** Say what is under way, until it is over. */
  begin(words: string): IProgress;
  /** Which of them are taken over; null: none. */
  choose(report: AdoptReport): Promise<readonly string[] | null>;
};

/** Look on a target for jobs of which nothing is known here, and take over those that the person chooses. */
export async function findJobs(
  options: FindJobsOptions,
  target: string,
  projectDir: string | null
): Promise<void> {
  const { service, store, trans, begin, choose } = options;
  const looking = begin(trans.__('Looking for jobs on %1…', target));
  let progress = looking;
  try {
    const report = await service.adopt(target, { projectDir, dryRun: true });
    if (report.found.length === 0) {
      looking.end(trans.__('Every job on %1 is known here already.', target));
      return;
    }
    looking.end(
      trans._n('%1 job found on %2.', '%1 jobs found on %2.', report.found.length, target)
    );
    const ids = await choose(report);
    if (ids === null || ids.length === 0) {
      return;
    }
    progress = begin(trans.__('Taking over jobs of %1…', target));
    tell(await service.adopt(target, { projectDir, ids: [...ids] }), ids, progress, trans);
    await store.refresh();
  } catch (error) {
    const { message, hint } = toProblem(error);
    progress.fail(`${message} ${hint}`);
  }
}

function tell(
  { found }: AdoptReport,
  ids: readonly string[],
  progress: IProgress,
  trans: TranslationBundle
): void {
  const wanted = found.filter(({ task }) => ids.includes(task));
  const count = wanted.filter(({ adopted }) => adopted).length;
  const words = trans._n(
    '%1 job is in the panel now.',
    '%1 jobs are in the panel now.',
    count,
    count
  );
  const problems = wanted.flatMap(({ title, problem }) =>
    problem === null ? [] : [`${title}: ${problem}`]
  );
  if (problems.length === 0) {
    progress.end(words);
  } else {
    progress.fail([words, ...problems].join(' '));
  }
}
