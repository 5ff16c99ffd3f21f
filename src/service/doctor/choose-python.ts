import type { Survey } from './survey';

/** A Python of the host that would do, and how a target names it. */
export type PythonChoice = { python: string | null; setup: string | null; version: string };

const OLDEST_MINOR = 9;

/** `3.11.7` as `3.11`. */
export const minorOf = (version: string): string => version.split('.').slice(0, 2).join('.');

const isNewEnough = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === 3 && minor >= OLDEST_MINOR;
};

/** `python/3.11.5-gcc` as `3.11.5`; a name without a version says nothing. */
function moduleVersion(name: string): string | null {
  return /(?:^|[/-])(3\.\d+(?:\.\d+)?)/.exec(name)?.[1] ?? null;
}

/** The Pythons of a host that fit a version, those on the path first; without one, any that is new enough. */
export function fittingPythons(
  { pythons, modules }: Pick<Survey, 'pythons' | 'modules'>,
  wanted: string | null
): PythonChoice[] {
  const fits = (version: string): boolean =>
    isNewEnough(version) && (wanted === null || minorOf(version) === minorOf(wanted));
  return [
    ...pythons
      .filter(({ version }) => fits(version))
      .map(({ name, version }) => ({ python: name, setup: null, version })),
    ...modules.flatMap(name => {
      const version = moduleVersion(name);
      return version !== null && fits(version)
        ? [{ python: null, setup: `module load ${name}`, version }]
        : [];
    })
  ];
}
