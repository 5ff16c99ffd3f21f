import { interruption } from './interruption.ts';

/** Registers what must be undone, last first, however the work ends. */
export type CleanUp = (undo: () => Promise<void>) => void;

/**
 * Runs work and then undoes what it registered, also when the benchmarks are to stop in the middle of
 * it. A failed undo does not keep the others from it.
 */
export async function withCleanUp<Result>(
  work: (cleanUp: CleanUp) => Promise<Result>,
  stop: Promise<never> = interruption
): Promise<Result> {
  const undos: (() => Promise<void>)[] = [];
  const outcome = await settle(() => Promise.race([work(undo => undos.unshift(undo)), stop]));
  const failures: unknown[] = [];
  for (const undo of undos) {
    const undone = await settle(undo);
    if ('error' in undone) {
      failures.push(undone.error);
    }
  }
  if ('error' in outcome) {
    throw outcome.error;
  }
  if (failures.length > 0) {
    throw failures[0];
  }
  return outcome.result;
}

async function settle<Result>(
  work: () => Promise<Result>
): Promise<{ result: Result } | { error: unknown }> {
  try {
    return { result: await work() };
  } catch (error) {
    return { error };
  }
}
