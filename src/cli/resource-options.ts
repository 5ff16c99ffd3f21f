import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Resources } from '../shared/wire/resources';

export type ResourceFlags = Omit<Resources, 'qos' | 'constraint'>;

function count(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new InvalidArgumentError('It is a whole number from 1.');
  }
  return Number(text);
}

function gpus(text: string): number | string {
  return /^\d+$/.test(text) ? count(text) : text;
}

function collect(option: string, before: string[] | undefined): string[] {
  return [...(before ?? []), option];
}

/** The options that say what a job asks for, in the words of the magic. */
export function addResourceOptions(command: Command): Command {
  return command
    .addOption(new Option('--cpus <n>', 'processors').argParser(count))
    .addOption(new Option('--memory <size>', 'memory, such as 8G'))
    .addOption(new Option('--gpus <n>', 'GPUs: a number, or type:number').argParser(gpus))
    .addOption(new Option('--nodes <n>', 'nodes').argParser(count))
    .addOption(new Option('--time <time>', 'time limit, such as 1:00:00'))
    .addOption(new Option('--partition <name>', 'partition'))
    .addOption(new Option('--account <name>', 'account'))
    .addOption(
      new Option('--sbatch <option>', 'an option for sbatch, as --sbatch=--flag').argParser(collect)
    );
}

/** The resources among a command's options. */
export function resourcesOf({
  cpus,
  memory,
  gpus: gpuCount,
  nodes,
  time,
  partition,
  account,
  sbatch
}: ResourceFlags): Resources {
  const all = { cpus, memory, gpus: gpuCount, nodes, time, partition, account, sbatch };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
