import type { TranslationBundle } from '@jupyterlab/translation';
import { estimatedStartWords } from '../words/estimated-start-words';
import { formatDuration } from '../words/format-duration';
import { nextCheckWords } from '../words/next-check-words';
import type { LineContent } from './line-content';

type Times = Pick<LineContent, 'since' | 'nextCheckAt' | 'estimatedStart'>;

/** What the line tells of time: what changes by the second, and so is announced to nobody. */
export function lineClock(times: Times, nowMs: number, trans: TranslationBundle): string {
  if (times.nextCheckAt !== null) {
    return nextCheckWords(times.nextCheckAt, nowMs, trans);
  }
  const clock = times.since === null ? null : formatDuration(nowMs - times.since);
  const start = estimatedStartWords(times.estimatedStart, nowMs, trans);
  return [clock, start].filter(part => part !== null).join(' · ');
}
