import { shQuote } from '../../shared/sh-quote';
import { readLines, sayEachLine, sayLine } from './reply-lines';
import type { Answer, JobRef, JobReport, QueryOutcome } from './scheduler';
import { clusterOption, groupByCluster, type ClusterJobs } from './slurm-cluster';
import { SLURM_ENVIRONMENT } from './slurm-environment';
import {
  mergeStarts,
  parseSacctRow,
  parseSqueueRow,
  SACCT_FORMAT,
  SQUEUE_FORMAT
} from './slurm-report';

// Hidden partitions too; finished jobs too, as long as the controller knows them; times as seconds.
const SQUEUE = `SLURM_TIME_FORMAT=%s squeue --noheader --all --states=all --Format='${SQUEUE_FORMAT}'`;

// A database that hangs must not take squeue's answer with it.
const SACCT = `$sluice_limit sacct --allocations --noheader --parsable2 --duplicates --format=${SACCT_FORMAT}`;
const LIMIT = `sluice_limit=
command -v timeout >/dev/null 2>&1 && sluice_limit='timeout 20'`;

const PRELUDE = [SLURM_ENVIRONMENT, LIMIT].join('\n');

/** Text that asks squeue, keeps its answer in `sluice_rows` and says it. */
function askSqueue(options: string, group: number): string {
  return `sluice_rows=$(${SQUEUE}${options} 2>&1)
sluice_status=$?
${sayLine(`status-${group}`, '"$sluice_status"')}
printf '%s' "$sluice_rows" | ${sayEachLine(`squeue-${group}`)}`;
}

/** Accounting may be switched off or down: then its part of the answer is empty, no more. */
function askSacct(options: string, group: number): string {
  return `${SACCT}${options} 2>/dev/null </dev/null | ${sayEachLine(`sacct-${group}`)}`;
}

function queryCluster({ cluster, numbers }: ClusterJobs, group: number): string {
  const where = clusterOption(cluster);
  return `${askSqueue(`${where} --jobs=${numbers.join(',')}`, group)}
sluice_missing=
for sluice_number in ${numbers.join(' ')}; do
  case "
$sluice_rows" in
    *"
$sluice_number|"*) ;;
    *) sluice_missing="$sluice_missing,$sluice_number" ;;
  esac
done
[ -z "$sluice_missing" ] || ${askSacct(`${where} --jobs="\${sluice_missing#,}"`, group)}`;
}

/** One squeue for all jobs of a cluster, and one sacct for those that it no longer knows. */
export function buildSlurmQuery(jobs: readonly JobRef[]): string {
  const groups = groupByCluster(jobs.map(({ jobId }) => jobId));
  return [PRELUDE, ...groups.map(queryCluster)].join('\n');
}

/** Jobs by their name, in the queue and in the books of the last weeks. */
export function buildSlurmSearch(key: string): string {
  const mine = ` --user="$(id -u)" --name=${shQuote(key)}`;
  return [PRELUDE, askSqueue(mine, 0), askSacct(`${mine} --starttime=now-30days`, 0)].join('\n');
}

type Lines = ReadonlyMap<string, string[]>;

function rows(
  lines: Lines,
  kind: string,
  parse: (line: string, cluster: string | null) => JobReport | null,
  cluster: string | null
): JobReport[] {
  return (lines.get(kind) ?? []).flatMap(line => parse(line, cluster) ?? []);
}

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

// squeue forgets; a record that still runs in the books alone is no sign of life.
const isPast = ({ state }: JobReport): boolean =>
  state !== 'pending' && state !== 'running' && state !== 'other';

/** Reports on the asked jobs. Numbers are used again by Slurm, so a row must have the key as well. */
export function parseSlurmQuery(answer: Answer, jobs: readonly JobRef[]): QueryOutcome {
  const lines = readLines(answer.stdout);
  const keys = new Map(jobs.map(({ jobId, key }) => [jobId, key]));
  const reports: JobReport[] = [];
  for (const [group, { cluster }] of groupByCluster([...keys.keys()]).entries()) {
    const message = silence(lines, group, answer);
    if (message !== null) {
      return { kind: 'unanswered', message };
    }
    const queued = rows(lines, `squeue-${group}`, parseSqueueRow, cluster);
    const booked = mergeStarts(rows(lines, `sacct-${group}`, parseSacctRow, cluster));
    reports.push(...queued, ...booked.filter(isPast));
  }
  return {
    kind: 'answered',
    reports: reports.filter(({ jobId, key }) => keys.get(jobId) === key)
  };
}

/** Every job that the search found, each once; the queue's word goes before the books'. */
export function parseSlurmSearch(answer: Answer): QueryOutcome {
  const lines = readLines(answer.stdout);
  const message = silence(lines, 0, answer);
  if (message !== null) {
    return { kind: 'unanswered', message };
  }
  const queued = rows(lines, 'squeue-0', parseSqueueRow, null);
  const booked = mergeStarts(rows(lines, 'sacct-0', parseSacctRow, null));
  const known = new Set(queued.map(({ jobId }) => jobId));
  return {
    kind: 'answered',
    reports: [...queued, ...booked.filter(({ jobId }) => !known.has(jobId))]
  };
}
