import { readLines, sayEachLine, sayLine } from './reply-lines';
import type { Answer, JobRef } from './scheduler';
import { clusterOption, groupByCluster, type ClusterJobs } from './slurm-cluster';
import { SLURM_ENVIRONMENT } from './slurm-environment';

function cancelCluster({ cluster, numbers }: ClusterJobs): string {
  return `sluice_words=$(scancel${clusterOption(cluster)} ${numbers.join(' ')} 2>&1)
${sayLine('status', '"$?"')}
printf '%s' "$sluice_words" | ${sayEachLine('said')}`;
}

/** One scancel for all jobs of a cluster. */
export function buildSlurmCancel(jobs: readonly JobRef[]): string {
  const groups = groupByCluster(jobs.map(({ jobId }) => jobId));
  return [SLURM_ENVIRONMENT, ...groups.map(cancelCluster)].join('\n');
}

const isGone = (line: string): boolean =>
  /Invalid job id specified|already completing or completed/i.test(line);

/** Jobs that were over already are no failure, whatever scancel's exit status says of them. */
export function parseSlurmCancel(answer: Answer): { ok: boolean; message: string } {
  const lines = readLines(answer.stdout);
  const statuses = lines.get('status') ?? [];
  const said = (lines.get('said') ?? []).filter(line => line.trim() !== '');
  const message = said.join('\n') || answer.stderr.trim();
  const isDone =
    statuses.every(status => status === '0') || (said.length > 0 && said.every(isGone));
  return { ok: statuses.length > 0 && isDone, message };
}
