import { BenchError } from './bench-error.ts';

/** The person, or the system, wants the benchmarks to stop. */
export class InterruptedError extends BenchError {}

let interrupt: (error: InterruptedError) => void = () => undefined;

/** Rejects when the benchmarks shall stop. */
export const interruption = new Promise<never>((_, reject) => {
  interrupt = reject;
});
// Heard where something has to be put away; otherwise nobody waits for it.
interruption.catch(() => undefined);

/** From now on a signal to stop first lets everything be put away. */
export function stopOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      interrupt(new InterruptedError(`Stopped by ${signal}.`));
    });
  }
}
