import { shQuote } from '../../shared/sh-quote';

/** Numbers of jobs of one cluster; null: the one that the host's commands ask by themselves. */
export type ClusterJobs = { cluster: string | null; numbers: string[] };

/** Number and cluster of an id as `sbatch --parsable` prints it: `12` or `12;name`. */
function splitJobId(jobId: string): [number: string, cluster: string | null] {
  const [, number = '', cluster = null] = /^(\d+)(?:;(.+))?$/.exec(jobId) ?? [];
  if (number === '') {
    throw new Error(`not an id of a Slurm job: ${JSON.stringify(jobId)}`);
  }
  return [number, cluster];
}

/** The id that our side keeps for a job of this cluster. */
export function joinJobId(number: string, cluster: string | null): string {
  return cluster === null ? number : `${number};${cluster}`;
}

/** Jobs by cluster, since each of Slurm's commands speaks to one at a time. */
export function groupByCluster(jobIds: readonly string[]): ClusterJobs[] {
  const groups = new Map<string | null, string[]>();
  for (const [number, cluster] of jobIds.map(splitJobId)) {
    groups.set(cluster, [...(groups.get(cluster) ?? []), number]);
  }
  return [...groups].map(([cluster, numbers]) => ({ cluster, numbers }));
}

/** The option that names the cluster, with a space before it; empty for the host's own. */
export function clusterOption(cluster: string | null): string {
  return cluster === null ? '' : ` --clusters=${shQuote(cluster)}`;
}
