import type { TranslationBundle } from '@jupyterlab/translation';

/**
 * A time as a person here says it: “14:10”, “tomorrow 09:00”, “Tue, 24 Nov, 09:00”. A text that is
 * no time comes back as it is.
 */
export function startWords(
  iso: string,
  nowMs: number,
  trans: TranslationBundle,
  locale?: string
): string {
  const start = new Date(iso);
  if (Number.isNaN(start.getTime())) {
    return iso;
  }
  const time = start.toLocaleTimeString(locale, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23'
  });
  const days = dayNumber(start) - dayNumber(new Date(nowMs));
  if (days <= 0) {
    return start.getTime() <= nowMs ? trans.__('now') : time;
  }
  if (days === 1) {
    return trans.__('tomorrow %1', time);
  }
  const day = start.toLocaleDateString(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short'
  });
  return `${day}, ${time}`;
}

/** Days since some day, by the calendar here. */
function dayNumber(date: Date): number {
  // Read as if it were UTC: days of 23 or 25 hours count as one.
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000;
}
