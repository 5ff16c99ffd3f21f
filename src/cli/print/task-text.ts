import { fileWords } from '../../shared/file-words';
import type { FormerAttempt, Task } from '../../shared/wire/task';
import { elapsed } from './elapsed';
import { plainText } from './plain-text';
import { table } from './table';
import { usageText } from './usage-text';

const instant = (ms: number | null): string =>
  ms === null ? '' : new Date(ms).toISOString().replace('T', ' ').slice(0, 19);

/** Phase and reason in one line. */
export function phaseLine({ phase, uncertain, reason, progress, jobId }: Task): string {
  const job = jobId === null ? '' : ` (job ${jobId})`;
  const why = progress ?? reason?.message;
  const doubt = uncertain && phase !== 'unknown' ? ' (uncertain)' : '';
  return plainText(`${phase}${doubt}${job}${why ? `: ${why}` : ''}`);
}

/** What may be decided about a task of which nobody knows what became, and how; null: nothing. */
export function decideWords({ id, choices }: Task): string | null {
  const ways = choices.join('|');
  return choices.length === 0 ? null : `wait, or decide: \`sluice resolve ${id} ${ways}\``;
}

/** What one should know of an ended task beside its outputs, line by line. */
export function endLines(task: Task): string[] {
  return [
    ...task.formerAttempts.map(formerText),
    ...(task.isPartial ? [PARTIAL] : []),
    ...(task.hasUnverified ? [UNSEALED] : []),
    usageText(task.usage)
  ].filter(line => line !== '');
}

const PARTIAL = 'partial results are here: what the job had when its time was over';
const UNSEALED = 'some outputs bear no valid seal of the job and are not trusted';

/** One earlier start of a job. */
function formerText({ attempt, node, startedAt, endedAt, reason }: FormerAttempt): string {
  const time = startedAt === null ? '' : `, ${elapsed(startedAt, endedAt)}`;
  const place = node === null ? '' : ` on ${node}`;
  const why = reason === null ? '' : `: ${reason.message}`;
  // People count from one.
  return plainText(`attempt ${attempt + 1}${place}${time}${why}`);
}

function nextLook(at: number | null, nowMs: number): string | null {
  return at === null ? null : at <= nowMs ? 'now' : `${elapsed(nowMs, at)} from now`;
}

function startText(iso: string | null): string | null {
  const ms = iso === null ? NaN : Date.parse(iso);
  return Number.isNaN(ms) ? null : `${instant(ms)} UTC, as the scheduler expects`;
}

/** What the run itself measured says more: one that was taken over began before it was seen here. */
function timeRow({ startedAt, endedAt, usage }: Task, nowMs: number): [string, string][] {
  const isMeasured = endedAt !== null && usage !== null && usage.elapsedSeconds !== null;
  const name = endedAt === null ? 'running for' : 'ran for';
  return isMeasured ? [] : [[name, elapsed(startedAt, endedAt ?? nowMs)]];
}

/** One task in full. */
export function taskText(task: Task, nowMs: number): string {
  const rows: [string, string | null][] = [
    ['task', task.id],
    ['title', task.title],
    ['phase', phaseLine(task)],
    ['hint', task.reason?.hint ?? null],
    ['looks again', task.uncertain ? nextLook(task.nextCheckAt, nowMs) : null],
    ['you may', decideWords(task)],
    ['starts', task.phase === 'queued' ? startText(task.estimatedStart) : null],
    ['target', task.target],
    ['node', task.node],
    ['submitted', `${instant(task.submittedAt)} UTC`],
    ['taken over', task.adoptedFrom === null ? null : `from ${task.adoptedFrom}`],
    ...timeRow(task, nowMs),
    ['used', usageText(task.usage)],
    ...task.formerAttempts.map((former): [string, string] => ['earlier', formerText(former)]),
    ['results', task.isPartial ? PARTIAL : null],
    ['outputs', task.hasUnverified ? UNSEALED : null],
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
