import { cpus, loadavg, totalmem } from 'node:os';

/** How busy the machine is: the load average of the last minute. */
export function readLoad(): number {
  return loadavg()[0] ?? 0;
}

/** The machine in words. */
export function describeMachine(): string {
  const cores = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB of memory`;
  const model = cores[0]?.model.trim() ?? 'an unknown processor';
  return `${cores.length} cores (${model}), ${memory}, Node ${process.versions.node}`;
}
