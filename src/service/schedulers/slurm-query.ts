import { shQuote } from '../../shared/sh-quote';
import { readLines, sayEachLine, sayLine } from './reply-lines';
import type { Answer, Heartbeat, JobRef, JobReport, QueryOutcome } from './scheduler';
import { clusterOption, groupByCluster, joinJobId, type ClusterJobs } from './slurm-cluster';
import { SLURM_ENVIRONMENT } from './slurm-environment';
import {
  parseSacctRows,
  parseSqueueRow,
  SACCT_FORMAT,
  SQUEUE_FORMAT,
  type Users,
  withBooks
} from './slurm-report';

// Hidden partitions too; finished jobs too, as long as the controller knows them; times as seconds.
const SQUEUE = `SLURM_TIME_FORMAT=%s squeue --noheader --all --states=all --Format='${SQUEUE_FORMAT}'`;

// A database that hangs must not take squeue's answer with it. Steps too: memory is counted for them alone.
const SACCT = `SLURM_TIME_FORMAT=%s $sluice_limit sacct --noheader --parsable2 --duplicates --format=${SACCT_FORMAT}`;
const LIMIT = `sluice_limit=
command -v timeout >/dev/null 2>&1 && sluice_limit='timeout 20'`;

const WHO = [sayLine('me', '"$(id -u)"'), sayLine('now', '"$(date +%s)"')].join('\n');
const PRELUDE = [SLURM_ENVIRONMENT, LIMIT, WHO].join('\n');

/** Text that asks squeue, keeps its answer in `sluice_rows` and says it. */
function askSqueue(options: string, group: number): string {
  return `sluice_rows=$(${SQUEUE}${options} 2>&1)
sluice_status=$?
${sayLine(`status-${group}`, '"$sluice_status"')}
printf '%s' "$sluice_rows" | ${sayEachLine(`squeue-${group}`)}`;
}

/** Accounting may be switched off or down: then there is its status, no more; names for those who canceled. */
function askSacct(options: string, group: number): string {
  return `sluice_booked=$(${SACCT}${options} 2>&1 </dev/null)
sluice_status=$?
${sayLine(`books-${group}`, '"$sluice_status"')}
printf '%s' "$sluice_booked" | ${sayEachLine(`sacct-${group}`)}
for sluice_uid in $(printf '%s\n' "$sluice_booked" |
  LC_ALL=C sed -n 's/^[0-9]*|CANCELLED by \\([0-9][0-9]*\\)|.*/\\1/p' | sort -u); do
  ${sayLine('name', '"$sluice_uid $(id -un "$sluice_uid" 2>/dev/null)"')}
done`;
}

/** Says when the workers of a job last touched their heartbeats. */
const BEATS = `sluice_beats() {
  for sluice_beat in "$2"/attempts/*/heartbeat; do
    sluice_at=$(date -r "$sluice_beat" +%s 2>/dev/null) || continue
    sluice_attempt=\${sluice_beat%/heartbeat}
    ${sayLine('beat', '"$1 ${sluice_attempt##*/} $sluice_at"')}
  done
}`;

// Of what waits or runs, the queue alone knows enough; of a former start only the books know.
const LIVE_STATES = ['PENDING|0', 'CONFIGURING', 'RUNNING', 'COMPLETING', 'SUSPENDED'] as const;
const LIVE_CASES = LIVE_STATES.map(state => `*"\n$1|${state}|"*`).join(' | ');

function lookAtGone({ jobId, directory }: JobRef): string {
  const [number = ''] = jobId.split(';');
  return `sluice_gone ${number} ${shQuote(jobId)} ${shQuote(directory)}`;
}

const GONE = `sluice_gone() {
  case "
$sluice_rows" in
    ${LIVE_CASES}) ;;
    *)
      sluice_missing="$sluice_missing,$1"
      sluice_beats "$2" "$3"
      ;;
  esac
}`;

function queryCluster(
  { cluster, numbers }: ClusterJobs,
  group: number,
  jobs: readonly JobRef[]
): string {
  const where = clusterOption(cluster);
  const ids = new Set(numbers.map(number => joinJobId(number, cluster)));
  const looks = jobs.filter(({ jobId }) => ids.has(jobId)).map(lookAtGone);
  return `${askSqueue(`${where} --jobs=${numbers.join(',')}`, group)}
sluice_missing=
${looks.join('\n')}
if [ -n "$sluice_missing" ]; then
${askSacct(`${where} --jobs="\${sluice_missing#,}"`, group)}
fi`;
}

/**
 * One squeue for all jobs of a cluster, and for those that it does not know as waiting or running one sacct,
 * and the heartbeats of their workers.
 */
export function buildSlurmQuery(jobs: readonly JobRef[]): string {
  const groups = groupByCluster(jobs.map(({ jobId }) => jobId));
  const texts = groups.map((group, index) => queryCluster(group, index, jobs));
  return [PRELUDE, BEATS, GONE, ...texts].join('\n');
}

/** Jobs by their name, in the queue and in the books of the last weeks. */
export function buildSlurmSearch(key: string): string {
  const mine = ` --user="$(id -u)" --name=${shQuote(key)}`;
  return [PRELUDE, askSqueue(mine, 0), askSacct(`${mine} --starttime=now-30days`, 0)].join('\n');
}

type Lines = ReadonlyMap<string, string[]>;

function usersOf(lines: Lines): Users {
  const names = (lines.get('name') ?? []).map(line => line.split(' '));
  return {
    me: lines.get('me')?.[0] ?? null,
    names: new Map(names.flatMap(([uid = '', name = '']) => (name === '' ? [] : [[uid, name]])))
  };
}

function queuedRows(lines: Lines, group: number, cluster: string | null): JobReport[] {
  const users = usersOf(lines);
  const rows = lines.get(`squeue-${group}`) ?? [];
  return rows.flatMap(line => parseSqueueRow(line, cluster, users) ?? []);
}

const bookedRows = (lines: Lines, group: number, cluster: string | null): JobReport[] =>
  parseSacctRows(lines.get(`sacct-${group}`) ?? [], cluster, usersOf(lines));

/** Null when squeue answered: with success, or that it knows none of these numbers. */
function silence(lines: Lines, group: number, answer: Answer): string | null {
  const words = (lines.get(`squeue-${group}`) ?? []).join('\n').trim();
  const status = lines.get(`status-${group}`)?.[0];
  if (status === undefined) {
    return `${words}\n${answer.stderr}`.trim() || 'squeue gave no answer';
  }
  return status === '0' || words.includes('Invalid job id specified')
    ? null
    : words || `squeue: exit status ${status}`;
}

/** Why the books could not be asked. */
function booksTrouble(lines: Lines, group: number): string | undefined {
  const status = lines.get(`books-${group}`)?.[0] ?? '0';
  const words = (lines.get(`sacct-${group}`) ?? []).join(' ').trim().slice(0, 300);
  return status === '0' ? undefined : words || `sacct: exit status ${status}`;
}

// squeue forgets; a record that still runs in the books alone is no sign of life.
const isPast = ({ state }: JobReport): boolean =>
  state !== 'pending' && state !== 'running' && state !== 'other';

const idOf = ({ jobId, key }: JobReport): string => `${jobId} ${key}`;

/** The queue's word goes before the books', which add what they alone know. */
function joined(queued: readonly JobReport[], booked: readonly JobReport[]): JobReport[] {
  const books = new Map(booked.map(report => [idOf(report), report]));
  const known = new Set(queued.map(idOf));
  return [
    ...queued.map(report => withBooks(report, books.get(idOf(report)))),
    ...booked.filter(report => !known.has(idOf(report)))
  ];
}

function heartbeatsOf(lines: Lines): Heartbeat[] {
  return (lines.get('beat') ?? []).flatMap(line => {
    const [, jobId, attempt, at] = /^(\d+(?:;\S+)?) (\d{1,9}) (\d{1,11})$/.exec(line) ?? [];
    return jobId === undefined ? [] : [{ jobId, attempt: Number(attempt), at: Number(at) }];
  });
}

/** Reports on the asked jobs. Numbers are used again by Slurm, so a row must have the key and the user as well. */
export function parseSlurmQuery(answer: Answer, jobs: readonly JobRef[]): QueryOutcome {
  const lines = readLines(answer.stdout);
  const keys = new Map(jobs.map(({ jobId, key }) => [jobId, key]));
  const reports: JobReport[] = [];
  let books: string | undefined;
  for (const [group, { cluster }] of groupByCluster([...keys.keys()]).entries()) {
    const message = silence(lines, group, answer);
    if (message !== null) {
      return { kind: 'unanswered', message };
    }
    const queued = queuedRows(lines, group, cluster);
    const known = new Set(queued.map(idOf));
    const booked = bookedRows(lines, group, cluster);
    reports.push(
      ...joined(
        queued,
        booked.filter(row => isPast(row) || known.has(idOf(row)))
      )
    );
    books ??= booksTrouble(lines, group);
  }
  const heartbeats = heartbeatsOf(lines);
  const at = Number(lines.get('now')?.[0]);
  return {
    kind: 'answered',
    reports: reports.filter(({ jobId, key }) => keys.get(jobId) === key),
    ...(Number.isFinite(at) ? { at } : {}),
    ...(heartbeats.length > 0 ? { heartbeats } : {}),
    ...(books === undefined ? {} : { books })
  };
}

/** Every job that the search found, each once. */
export function parseSlurmSearch(answer: Answer): QueryOutcome {
  const lines = readLines(answer.stdout);
  const message = silence(lines, 0, answer);
  if (message !== null) {
    return { kind: 'unanswered', message };
  }
  const reports = joined(queuedRows(lines, 0, null), bookedRows(lines, 0, null));
  const ids = reports.map(({ jobId }) => jobId);
  return {
    kind: 'answered',
    reports: reports.filter(({ jobId }, at) => ids.indexOf(jobId) === at)
  };
}
