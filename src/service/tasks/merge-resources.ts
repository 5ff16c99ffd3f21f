import type { Resources } from '../../shared/wire/resources';

/** What the cell asks for, over what the target says; raw sbatch options add up. */
export function mergeResources(target: Resources, cell: Resources): Resources {
  const given = Object.fromEntries(Object.entries(cell).filter(([, value]) => value !== undefined));
  const sbatch = [...(target.sbatch ?? []), ...(cell.sbatch ?? [])];
  const { sbatch: _, ...rest } = { ...target, ...given } as Resources;
  const merged = Object.entries(rest).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(merged), ...(sbatch.length > 0 ? { sbatch } : {}) };
}
