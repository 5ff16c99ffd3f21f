import type { TranslationBundle } from '@jupyterlab/translation';
import type { Resources } from '../../shared/wire/resources';

/** What a word of the cluster means, for people who do not live there; null: plain enough. */
export function explain(key: keyof Resources, trans: TranslationBundle): string | null {
  switch (key) {
    case 'partition':
      return trans.__('A group of nodes with limits of its own; a job waits in its queue.');
    case 'account':
      return trans.__('The allocation that is charged for the job’s time.');
    case 'qos':
      return trans.__('Quality of service: which limits and which priority the job has.');
    case 'constraint':
      return trans.__('A feature that a node must have, such as a kind of processor.');
    case 'sbatch':
      return trans.__('Options given to Slurm’s sbatch as they are.');
    case 'time':
      return trans.__('How long the job may run; Slurm ends it after that.');
    case 'requeue':
      return trans.__(
        'Whether Slurm may start the job again when it was pushed aside or its node failed.'
      );
    case 'nodes':
    case 'cpus':
    case 'memory':
    case 'gpus':
      return null;
  }
}
