import type { TranslationBundle } from '@jupyterlab/translation';
import type { Resources } from '../../shared/wire/resources';

const SLURM_TIME = /^(?:(\d+)-)?(\d+)(?::(\d+))?(?::(\d+))?$/;

/** What a job asks for, one item for each thing, in a fixed order. */
export function shapeItems(
  resources: Resources,
  trans: TranslationBundle
): { key: keyof Resources; words: string }[] {
  return KEYS.flatMap(key => {
    const value = resources[key];
    return value === undefined ? [] : [{ key, words: itemWords(key, value, trans) }];
  });
}

/** Where a smaller shape differs from what was asked for: “1 h”, “1 h, 4 CPUs”. */
export function differenceWords(
  smaller: Resources,
  asked: Resources,
  trans: TranslationBundle
): string {
  return shapeItems(smaller, trans)
    .filter(({ key }) => JSON.stringify(smaller[key]) !== JSON.stringify(asked[key]))
    .map(({ words }) => words)
    .join(', ');
}

/** A time as Slurm takes it, in words: `1:00:00` is “1 h”, `90` is “1 h 30 min”. */
export function timeWords(time: string, trans: TranslationBundle): string {
  const minutes = minutesOf(time);
  if (minutes === null) {
    return time;
  }
  const parts = [
    [Math.floor(minutes / 1440), trans.__('d')],
    [Math.floor(minutes / 60) % 24, trans.__('h')],
    [minutes % 60, trans.__('min')]
  ] as const;
  const words = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return words.length === 0 ? `0 ${trans.__('min')}` : words.join(' ');
}

const KEYS = [
  'partition',
  'account',
  'qos',
  'constraint',
  'nodes',
  'cpus',
  'memory',
  'gpus',
  'time',
  'sbatch'
] as const satisfies readonly (keyof Resources)[];

function itemWords(
  key: (typeof KEYS)[number],
  value: NonNullable<Resources[keyof Resources]>,
  trans: TranslationBundle
): string {
  const text = Array.isArray(value) ? value.join(' ') : String(value);
  const count = Number(value);
  switch (key) {
    case 'nodes':
      return trans._n('%1 node', '%1 nodes', count, count);
    case 'cpus':
      return trans._n('%1 CPU', '%1 CPUs', count, count);
    case 'gpus':
      return Number.isInteger(count)
        ? trans._n('%1 GPU', '%1 GPUs', count, count)
        : trans.__('GPUs %1', text);
    case 'memory':
      return trans.__('%1 memory', text);
    case 'time':
      return timeWords(text, trans);
    case 'partition':
    case 'account':
    case 'qos':
    case 'constraint':
    case 'sbatch':
      return `${key} ${text}`;
  }
}

/** `minutes`, `minutes:seconds`, `hours:minutes:seconds`, or with days before a dash `days-hours[:…]`. */
function minutesOf(time: string): number | null {
  const match = SLURM_TIME.exec(time);
  if (!match) {
    return null;
  }
  const [days, a = 0, b, c] = match
    .slice(1)
    .map(text => ((text as string | undefined) === undefined ? undefined : Number(text)));
  if (days !== undefined) {
    return days * 1440 + a * 60 + (b ?? 0);
  }
  return c === undefined ? a : a * 60 + (b ?? 0);
}
