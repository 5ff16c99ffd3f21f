import { shQuote } from '../../shared/sh-quote';
import type { IScheduler, JobSpec } from '../schedulers/scheduler';
import type { Place, TaskRecord } from '../store/task-record';

/** The directory of a task's run on its host. */
export function runDirectory(place: Place, id: string): string {
  return `${place.root}/runs/${id}`;
}

/** The job of a task, as its scheduler is told. */
export function buildJob(record: TaskRecord, place: Place, workerPlace: string): JobSpec {
  return {
    key: record.id,
    root: place.root,
    directory: runDirectory(place, record.id),
    setup: place.setup,
    python: place.python,
    workerPath: `${place.root}/${workerPlace}`,
    resources: record.resources,
    ...(record.rehearsal ? { lane: 'rehearsals' } : {})
  };
}

/** Text that writes a small file beside its place and renames it there. */
function buildWrite(path: string, content: string): string {
  const place = shQuote(path);
  return `printf %s ${shQuote(content)} >${place}.new && mv -f ${place}.new ${place} || exit 1`;
}

/** One script for the whole handing over: the run's files, then the submit stub. */
export function buildHandOver(scheduler: IScheduler, job: JobSpec, spec: string): string {
  const { directory } = job;
  return [
    `mkdir -p ${shQuote(directory)} || exit 1`,
    buildWrite(`${directory}/spec.json`, spec),
    buildWrite(`${directory}/script.sh`, scheduler.buildScript(job)),
    scheduler.buildSubmit(job)
  ].join('\n');
}
