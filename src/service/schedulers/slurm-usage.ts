import type { Usage } from '../../shared/wire/task';

const UNITS: Readonly<Record<string, number>> = { '': 0, K: 1, M: 2, G: 3, T: 4, P: 5 };

/** Bytes of a size as Slurm writes it, such as `12345K` or `1.50G`; null: there is none. */
export function slurmBytes(text: string): number | null {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)([KMGTP]?)/.exec(text.trim()) ?? [];
  if (amount === undefined) {
    return null;
  }
  return Math.round(Number(amount) * 1024 ** (UNITS[unit] ?? 0));
}

/** Seconds of a span as Slurm writes it: `mm:ss.mmm`, `hh:mm:ss` or `d-hh:mm:ss`; null: there is none. */
export function slurmSpan(text: string): number | null {
  const [, days = '0', hours = '0', minutes, seconds] =
    /^(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)$/.exec(text.trim()) ?? [];
  return minutes === undefined || seconds === undefined
    ? null
    : ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
}

const orNull = (value: number): number | null => (value > 0 ? value : null);

/** What a row of sacct says of `ElapsedRaw,TotalCPU,AllocCPUS,AllocTRES,MaxRSS`; null: nothing. */
export function slurmUsage(fields: readonly string[]): Usage | null {
  const [elapsed = '', cpu = '', cpus = '', tres = '', rss = ''] = fields;
  const [, memory = ''] = /(?:^|,)mem=([^,]+)/.exec(tres) ?? [];
  const usage: Usage = {
    elapsedSeconds: /^\d+$/.test(elapsed) ? Number(elapsed) : null,
    cpuSeconds: slurmSpan(cpu),
    peakBytes: orNull(slurmBytes(rss) ?? 0),
    cpus: orNull(/^\d+$/.test(cpus) ? Number(cpus) : 0),
    memoryBytes: orNull(slurmBytes(memory) ?? 0)
  };
  return Object.values(usage).every(value => value === null) ? null : usage;
}
