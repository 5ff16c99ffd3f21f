import type { Section } from './measure/figure.ts';

/** What a run of the benchmarks is asked for. */
export type BenchOptions = {
  /** Rounds of each comparison; undefined: as many as the benchmark takes by itself. */
  rounds: number | undefined;
  /** Also on Slurm's own scheduler parameters. */
  isDefaultScheduler: boolean;
  /** Install and run SlurmRay, which takes several gigabytes. */
  withSlurmray: boolean;
  /** Of benchmarks with many figures, those whose names hold these words; empty: all. */
  only: string;
};

/** One benchmark. It cleans up what it started, also when it fails. */
export type Benchmark = {
  name: string;
  about: string;
  /** Errors: `BenchError` when a measurement cannot be made. */
  run(options: BenchOptions, scratch: string): Promise<Section[]>;
};
