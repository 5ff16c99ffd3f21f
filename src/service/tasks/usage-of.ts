import type { Usage } from '../../shared/wire/task';

/** What is known of what a run took. */
export type UsageSources = {
  /** The worker's own count. */
  worker: Usage | null;
  /** The books'. */
  books: Usage | null;
  /** Seconds since the epoch on the cluster: by the events, or what else tells. */
  startedAt: number | null;
  endedAt: number | null;
};

function span({ startedAt, endedAt }: UsageSources): number | null {
  return startedAt === null || endedAt === null || endedAt < startedAt ? null : endedAt - startedAt;
}

/** What a run took: the worker's word, then the books', then what the events tell; null: nothing is known. */
export function usageOf(sources: UsageSources): Usage | null {
  const { worker, books } = sources;
  const usage: Usage = {
    elapsedSeconds: worker?.elapsedSeconds ?? books?.elapsedSeconds ?? span(sources),
    cpuSeconds: worker?.cpuSeconds ?? books?.cpuSeconds ?? null,
    peakBytes: worker?.peakBytes ?? books?.peakBytes ?? null,
    cpus: worker?.cpus ?? books?.cpus ?? null,
    memoryBytes: worker?.memoryBytes ?? books?.memoryBytes ?? null
  };
  return Object.values(usage).every(value => value === null) ? null : usage;
}
