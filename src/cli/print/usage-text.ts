import { sizeWords } from '../../shared/size-words';
import type { Usage } from '../../shared/wire/task';
import { elapsed } from './elapsed';

/** What a run took: `ran 0:12:00, 1.2 GB of 4.0 GB memory, 38 % CPU`; empty: nothing is known. */
export function usageText(usage: Usage | null): string {
  if (usage === null) {
    return '';
  }
  const { elapsedSeconds: seconds, cpuSeconds, cpus, peakBytes, memoryBytes } = usage;
  const parts = [
    seconds === null ? null : `ran ${elapsed(0, seconds * 1000)}`,
    peakBytes === null ? null : `${sizeWords(peakBytes)}${ofAll(memoryBytes)} memory`,
    seconds === null || seconds === 0 || cpuSeconds === null || cpus === null
      ? null
      : `${Math.round(100 * Math.min(1, cpuSeconds / (seconds * cpus)))} % CPU`
  ];
  return parts.filter(part => part !== null).join(', ');
}

const ofAll = (bytes: number | null): string => (bytes === null ? '' : ` of ${sizeWords(bytes)}`);
