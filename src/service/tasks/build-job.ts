import { shQuote } from '../../shared/sh-quote';
import { readLines, sayEachLine } from '../schedulers/reply-lines';
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
  return `printf %s ${shQuote(content)} >${place}.new && mv -f ${place}.new ${place}`;
}

const UNWRITTEN = 'unwritten';

/**
 * One script for the whole handing over: the run's files, then the submit stub. Where they cannot be
 * written, and no submit of this run has begun, it says so and goes no further. `note` is `run.json`.
 */
export function buildHandOver(
  scheduler: IScheduler,
  job: JobSpec,
  spec: string,
  note: string | null = null
): string {
  const { directory } = job;
  const place = shQuote(directory);
  const writes = [
    `mkdir -p ${place}`,
    ...(note === null ? [] : [buildWrite(`${directory}/run.json`, note)]),
    buildWrite(`${directory}/spec.json`, spec),
    buildWrite(`${directory}/script.sh`, scheduler.buildScript(job))
  ].join(' &&\n  ');
  return [
    `if ! sluice_words=$({ ${writes}; } 2>&1) && [ ! -d ${place}/submit ]; then`,
    // Some shells call a full disk an I/O error; cat has the system's words.
    `  { printf '%s\\n' "$sluice_words"; printf %s "$sluice_words" | cat >${place}/spec.json.new; } 2>&1 |`,
    `    ${sayEachLine(UNWRITTEN)}`,
    '  exit 0',
    'fi',
    scheduler.buildSubmit(job)
  ].join('\n');
}

/** What the host said when the run's files could not be written; null: they were, or it is not known. */
export function unwrittenWords(stdout: string): string | null {
  const said = readLines(stdout).get(UNWRITTEN);
  return said === undefined ? null : said.join('\n').trim();
}
