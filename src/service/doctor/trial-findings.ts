import { SluiceError } from '../../shared/errors';
import type { Finding } from './doctor-run';
import type { TrialEnd } from './trial-job';
import type { TrialReport } from './trial-reply';

/** The step `job`. */
export function jobFinding(end: TrialEnd, host: string, patienceMs: number): Finding {
  const { jobId } = end;
  switch (end.kind) {
    case 'reported': {
      const found = `job ${jobId} ran on ${end.report.node}, ${end.seconds.toFixed(1)} s after it was handed over`;
      return { state: 'passed', found };
    }
    case 'waiting': {
      const start =
        end.estimatedStart === null
          ? 'Slurm gives no estimate of its start'
          : `estimated start ${end.estimatedStart}`;
      const found = `still in the queue after ${Math.round(patienceMs / 1000)} s, and canceled; ${start}`;
      return { state: 'warning', found, details: [end.words] };
    }
    case 'failed': {
      const problem = new SluiceError('trial-failed', { host, problem: end.words });
      return { state: 'failed', found: `job ${jobId}: ${end.words}`, problem };
    }
  }
}

/** The step `mounts`: what a compute node sees of the root, the home and the other places. */
export function mountsFinding(
  { node, places }: TrialReport,
  named: readonly { label: string; path: string }[]
): Finding {
  const labelled = named.map(({ label, path }) => ({ label, path, look: places[path] ?? null }));
  const details = labelled.map(({ label, path, look }) => {
    const words = look === null ? 'no answer in time' : look.seen ? 'seen' : 'NOT there';
    return `${label} ${path}: ${words}${look?.seen === true && !look.writable ? ', not writable' : ''}`;
  });
  const seen = labelled.filter(({ look }) => look?.seen === true).map(({ label }) => label);
  const missing = labelled.filter(({ look }) => look?.seen !== true).map(({ label }) => label);
  const found =
    missing.length === 0
      ? `${node} sees ${seen.join(', ')}`
      : `${node} sees ${seen.join(', ') || 'none of your folders'}; not ${missing.join(', ')}`;
  return { state: missing.length === 0 ? 'passed' : 'warning', found, details };
}

/** The step `network`: whether compute nodes know names outside. */
export function networkFinding({ node, network }: TrialReport, name: string | null): Finding {
  switch (network) {
    case 'known':
      return { state: 'passed', found: `${node} finds ${name}: nodes are online` };
    case null:
      return { state: 'skipped', found: 'not asked' };
    default: {
      const found = `${node} does not find ${name}: nodes seem to be offline; download models and packages beforehand`;
      return { state: 'warning', found };
    }
  }
}
