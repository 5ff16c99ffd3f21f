import type { Resources } from '../../shared/wire/resources';

/** The keys that say something. */
function given(resources: Resources): Resources {
  const entries: [string, unknown][] = Object.entries(resources);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** What the cell asks for, over what the target says; raw sbatch options add up. */
export function mergeResources(target: Resources, cell: Resources): Resources {
  const sbatch = [...(target.sbatch ?? []), ...(cell.sbatch ?? [])];
  const merged = { ...given(target), ...given(cell) };
  return sbatch.length > 0 ? { ...merged, sbatch } : merged;
}
