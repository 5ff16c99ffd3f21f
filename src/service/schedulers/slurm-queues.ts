import { readLines, sayEachLine } from './reply-lines';
import type { Answer } from './scheduler';
import { SLURM_ENVIRONMENT } from './slurm-environment';

/** Asks for the partitions that are up, as far as this user may see them. */
export function buildSlurmQueues(): string {
  return `${SLURM_ENVIRONMENT}
sinfo --noheader --format='%a %R' 2>/dev/null | ${sayEachLine('partition')}`;
}

/** The partitions that are up, each once; none where Slurm did not answer. */
export function parseSlurmQueues(answer: Answer): string[] {
  const lines = readLines(answer.stdout).get('partition') ?? [];
  const names = lines.map(line => /^up +(\S+)$/.exec(line.trim())?.[1]);
  return [...new Set(names)].filter(name => name !== undefined);
}
