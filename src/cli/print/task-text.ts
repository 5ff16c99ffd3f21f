import { fileWords } from '../../shared/file-words';
import type { Task } from '../../shared/wire/task';
import { plainText } from './plain-text';
import { table } from './table';

const instant = (ms: number | null): string =>
  ms === null ? '' : new Date(ms).toISOString().replace('T', ' ').slice(0, 19);

/** Hours, minutes and seconds from the first instant to the second. */
export function elapsed(fromMs: number | null, toMs: number): string {
  if (fromMs === null) {
    return '';
  }
  const seconds = Math.max(0, Math.floor((toMs - fromMs) / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts
    .map((part, index) => (index === 0 ? `${part}` : `${part}`.padStart(2, '0')))
    .join(':');
}

/** Phase and reason in one line. */
export function phaseLine({ phase, uncertain, reason, progress, jobId }: Task): string {
  const job = jobId === null ? '' : ` (job ${jobId})`;
  const why = progress ?? reason?.message;
  return plainText(`${phase}${uncertain ? ' (uncertain)' : ''}${job}${why ? `: ${why}` : ''}`);
}

/** One task in full. */
export function taskText(task: Task, nowMs: number): string {
  const rows: [string, string | null][] = [
    ['task', task.id],
    ['title', task.title],
    ['phase', phaseLine(task)],
    ['hint', task.reason?.hint ?? null],
    ['target', task.target],
    ['node', task.node],
    ['submitted', `${instant(task.submittedAt)} UTC`],
    ['running for', elapsed(task.startedAt, task.endedAt ?? nowMs) || null],
    ['directory', task.directory],
    ['files', task.files === null ? null : fileWords(task.files, task.target)],
    ...task.notes.map(({ name, text }): [string, string] => ['note', `${name}: ${text}`])
  ];
  return rows
    .flatMap(([name, value]) =>
      value === null || value === '' ? [] : [`${name.padEnd(12)}${plainText(value)}\n`]
    )
    .join('');
}

const LONGEST_TITLE = 40;

/** Tasks as a list, newest first as they came. */
export function taskList(tasks: readonly Task[], nowMs: number): string {
  const headings = ['TASK', 'PHASE', 'TARGET', 'JOB', 'ELAPSED', 'TITLE'];
  const rows = tasks.map(task => [
    task.id,
    task.reason?.code === 'needs-login' ? `${task.phase}, needs login` : task.phase,
    task.target,
    task.jobId ?? '',
    elapsed(task.startedAt, task.endedAt ?? nowMs),
    [...task.title].slice(0, LONGEST_TITLE).join('')
  ]);
  return table(headings, rows);
}
