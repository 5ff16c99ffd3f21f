import type { TranslationBundle } from '@jupyterlab/translation';
import type { Usage } from '../../shared/wire/task';
import { formatBytes } from './format-bytes';
import { formatDuration } from './format-duration';

/** What a run took, short, with the same at length for a tooltip, and what to do about it. */
export type UsageWords = { short: string; long: string; hints: readonly string[] };

/** So little of what was asked for was used that a smaller request waits less. */
const LITTLE = 0.25;
/** A job that is over at once says nothing about what it needs. */
const TELLING_SECONDS = 60;

/** The words for what a run took; null: nothing is known. */
export function usageWords(usage: Usage | null, trans: TranslationBundle): UsageWords | null {
  if (usage === null) {
    return null;
  }
  const parts = [elapsed(usage, trans), memory(usage, trans), processors(usage, trans)].filter(
    part => part !== null
  );
  return parts.length === 0
    ? null
    : {
        short: parts.map(({ short }) => short).join(' · '),
        long: parts.map(({ long }) => long).join('\n'),
        hints: hintsOf(usage, trans)
      };
}

type Part = { short: string; long: string };

function elapsed({ elapsedSeconds: seconds }: Usage, trans: TranslationBundle): Part | null {
  if (seconds === null) {
    return null;
  }
  const words = formatDuration(seconds * 1000);
  return { short: trans.__('ran %1', words), long: trans.__('It ran for %1.', words) };
}

function memory({ peakBytes, memoryBytes }: Usage, trans: TranslationBundle): Part | null {
  if (peakBytes === null) {
    return null;
  }
  const peak = formatBytes(peakBytes);
  if (memoryBytes === null) {
    return {
      short: trans.__('%1 memory', peak),
      long: trans.__('At its peak it used %1 of memory.', peak)
    };
  }
  const all = formatBytes(memoryBytes);
  return {
    short: trans.__('%1 of %2 memory', peak, all),
    long: trans.__('At its peak it used %1 of the %2 of memory that it had.', peak, all)
  };
}

function processors(usage: Usage, trans: TranslationBundle): Part | null {
  const share = processorShare(usage);
  if (share === null || usage.cpus === null) {
    return null;
  }
  const percent = percentOf(share);
  return {
    short: trans.__('%1 % CPU', percent).replace(/ /g, '\u00a0'),
    long: trans._n(
      'Its processor was at work for %2 % of the time.',
      'Its %1 processors were at work for %2 % of the time, on average.',
      usage.cpus,
      percent
    )
  };
}

/** How much of the processors' time was used, from 0 to 1; null: not known. */
function processorShare({ elapsedSeconds, cpuSeconds, cpus }: Usage): number | null {
  return elapsedSeconds === null || cpuSeconds === null || cpus === null || elapsedSeconds <= 0
    ? null
    : Math.min(1, cpuSeconds / (elapsedSeconds * cpus));
}

function hintsOf(usage: Usage, trans: TranslationBundle): string[] {
  const { elapsedSeconds, peakBytes, memoryBytes, cpus } = usage;
  if (elapsedSeconds === null || elapsedSeconds < TELLING_SECONDS) {
    return [];
  }
  const hints: string[] = [];
  const memoryShare = peakBytes === null || memoryBytes === null ? 1 : peakBytes / memoryBytes;
  if (memoryShare < LITTLE) {
    hints.push(
      trans.__(
        'It used %1 % of the memory asked for; with less it may wait less.',
        percentOf(memoryShare)
      )
    );
  }
  const share = processorShare(usage) ?? 1;
  if (cpus !== null && cpus > 1 && share < LITTLE) {
    hints.push(
      trans.__(
        'It used %1 % of its %2 processors; with fewer it may wait less.',
        percentOf(share),
        cpus
      )
    );
  }
  return hints;
}

function percentOf(share: number): number {
  return Math.round(share * 100);
}
