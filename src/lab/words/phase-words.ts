import type { TranslationBundle } from '@jupyterlab/translation';
import type { Phase } from '../../shared/phases';

/** The phase as a person reads it. */
export function phaseWord(phase: Phase, trans: TranslationBundle): string {
  switch (phase) {
    case 'preparing':
      return trans.__('preparing');
    case 'submitting':
      return trans.__('submitting');
    case 'queued':
      return trans.__('queued');
    case 'running':
      return trans.__('running');
    case 'fetching':
      return trans.__('fetching');
    case 'completed':
      return trans.__('completed');
    case 'failed':
      return trans.__('failed');
    case 'canceled':
      return trans.__('canceled');
    case 'timed-out':
      return trans.__('timed out');
    case 'out-of-memory':
      return trans.__('out of memory');
    case 'node-failed':
      return trans.__('node failed');
    case 'preempted':
      return trans.__('preempted');
    case 'unknown':
      return trans.__('unknown');
  }
}
