import type { TranslationBundle } from '@jupyterlab/translation';

/** A length of time to be read once, not counted along: “40 s”, “3 min”, “2 h 5 min”, “3 d 4 h”. */
export function durationWords(durationMs: number, trans: TranslationBundle): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  if (seconds < 60) {
    return trans.__('%1 s', seconds);
  }
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) {
    return trans.__('%1 min', minutes);
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 24) {
    return minutes % 60 === 0
      ? trans.__('%1 h', hours)
      : trans.__('%1 h %2 min', hours, minutes % 60);
  }
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? trans.__('%1 d', days) : trans.__('%1 d %2 h', days, hours % 24);
}
