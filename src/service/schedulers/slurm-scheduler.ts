import type { IScheduler } from './scheduler';
import { buildSlurmCancel, parseSlurmCancel } from './slurm-cancel';
import { buildSlurmQueues, parseSlurmQueues } from './slurm-queues';
import {
  buildSlurmQuery,
  buildSlurmSearch,
  parseSlurmQuery,
  parseSlurmSearch
} from './slurm-query';
import {
  buildSlurmScript,
  buildSlurmSubmit,
  buildSlurmTest,
  parseSlurmSubmit,
  parseSlurmTest,
  slurmPrintedId
} from './slurm-submit';

/** Jobs through sbatch, squeue, sacct and scancel, in text that Slurm has kept since 20.11. */
export function createSlurmScheduler(): IScheduler {
  return {
    name: 'slurm',
    buildScript: buildSlurmScript,
    buildSubmit: buildSlurmSubmit,
    parseSubmit: parseSlurmSubmit,
    printedId: slurmPrintedId,
    buildSearch: ({ key }) => buildSlurmSearch(key),
    parseSearch: parseSlurmSearch,
    buildQuery: buildSlurmQuery,
    parseQuery: parseSlurmQuery,
    buildCancel: buildSlurmCancel,
    parseCancel: parseSlurmCancel,
    buildTest: buildSlurmTest,
    parseTest: parseSlurmTest,
    buildQueues: buildSlurmQueues,
    parseQueues: parseSlurmQueues
  };
}
