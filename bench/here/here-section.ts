import type { Figure, Section } from '../measure/figure.ts';

/** What one round brought; null: SlurmRay was not asked. */
export type HereRound = { hereMs: number; aloneMs: number; slurmrayMs: number | null };

/** SlurmRay's figures of a run in which it was there. */
export type EarlierSlurmray = { milliseconds: number[]; where: string };

const WANTED_BESIDE_SLURMRAY = 0.1;

/** The figures of a trivial cell on `here`. */
export function hereSection(
  rounds: readonly HereRound[],
  slurmrayVersion: string | null,
  earlier: EarlierSlurmray
): Section {
  const ours = { label: 'Sluice', values: rounds.map(({ hereMs }) => hereMs) };
  const measured = rounds.flatMap(({ slurmrayMs }) => slurmrayMs ?? []);
  const isThere = slurmrayVersion !== null;
  const beside: Figure = {
    name: 'trivial cell, request to value',
    unit: 'ms',
    ours,
    beside: { label: 'SlurmRay', values: isThere ? measured : earlier.milliseconds },
    wanted: WANTED_BESIDE_SLURMRAY,
    ...(isThere ? {} : { earlier: earlier.where })
  };
  const alone: Figure = {
    name: 'trivial cell, request to value',
    unit: 'ms',
    ours,
    beside: { label: 'IPython alone', values: rounds.map(({ aloneMs }) => aloneMs) },
    wanted: null
  };
  const how = isThere
    ? `SlurmRay ${slurmrayVersion}, its local backend, in the same rounds.`
    : 'SlurmRay itself did not run; `--with-slurmray` installs and runs it.';
  return { title: 'here', figures: [beside, alone], notes: [`${rounds.length} rounds. ${how}`] };
}
