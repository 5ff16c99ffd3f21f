import type { TranslationBundle } from '@jupyterlab/translation';
import type { Finding } from '../../shared/wire/rehearsal';

/** How a rehearsal went, in one sentence: for those that bring no message of their own. */
export function rehearsalWords(rehearsal: Finding, trans: TranslationBundle): string {
  const { ok, stopped, uncaptured } = rehearsal;
  const seconds = rehearsal.seconds.toFixed(1);
  if (ok) {
    return trans.__('It ran here to its end in %1 s and needed nothing else.', seconds);
  }
  switch (stopped) {
    case null:
      return trans._n(
        'It ran here to its end in %2 s, but used %1 thing that would not travel.',
        'It ran here to its end in %2 s, but used %1 things that would not travel.',
        uncaptured.length,
        seconds
      );
    case 'missing':
      return trans.__('It stopped after %1 s: something that it needs would not travel.', seconds);
    case 'cluster-path':
      return trans.__('It stopped after %1 s at a path that is only on the cluster.', seconds);
    case 'gpu':
      return trans.__('It stopped after %1 s: it needs a GPU, which is not here.', seconds);
    case 'time':
      return trans.__('It was stopped after %1 s: its time was up.', seconds);
    case 'exception':
      return trans.__('It ended after %1 s with an error of its own.', seconds);
    case 'canceled':
      return trans.__('It was canceled after %1 s.', seconds);
  }
}

/** Whether a rehearsal on the cluster may tell what this one could not. */
export function isWorthRehearsingThere({ stopped }: Finding): boolean {
  return stopped === 'cluster-path' || stopped === 'gpu' || stopped === 'time';
}
