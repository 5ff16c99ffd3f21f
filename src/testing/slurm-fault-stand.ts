import { readFileSync } from 'node:fs';
import { readEnvironment, slurm } from '../../testbed/control';
import type { ITransport, RunOptions, RunResult } from '../service/transports/transport';
import { SluiceError } from '../shared/errors';
import { insertAt } from './faulty-host';
import { ServiceStand } from './service-stand';

/** When an answer of the host is lost: before the host hears anything, or after it did what was asked. */
export type LostWhen = 'before' | 'after';

const nothing = (): void => undefined;

/** Loses the answers to what is named, as a connection that is cut in that moment would. */
export class AnswerThief {
  /** What was asked since, by its words. */
  readonly asked: string[] = [];
  /** Scripts that go on although nobody waits for them. */
  readonly strays: Promise<void>[] = [];
  private wanted: { action: string; when: LostWhen; times: number } | null = null;
  private blow: { point: string; line: string; isCut: boolean } | null = null;
  private hold: Promise<void> | null = null;
  private release: () => void = () => undefined;

  /** Lose the next answers to scripts of this action. */
  lose(action: string, when: LostWhen, times = 1): void {
    this.wanted = { action, when, times };
  }

  /** At a point of the next hand-over this line of shell is run; `isCut`: nobody hears how that ends. */
  strike(point: string, line: string, isCut: boolean): void {
    this.blow = { point, line, isCut };
  }

  /** Whatever is asked from now on waits, as on a host that stands still, until `thaw`. */
  freeze(): void {
    this.hold = new Promise(resolve => {
      this.release = resolve;
    });
  }

  thaw(): void {
    this.hold = null;
    this.release();
  }

  /** The same transport with its answers at risk. */
  guard(transport: ITransport): ITransport {
    const run = async (script: string, options: RunOptions): Promise<RunResult> => {
      this.asked.push(options.action);
      await this.hold;
      const { wanted, blow } = this;
      const lost = { host: transport.host, problem: 'it was cut' };
      if (blow !== null && options.action === 'submit the job') {
        this.blow = null;
        const work = transport.run(insertAt(script, blow.point, blow.line), options);
        if (!blow.isCut) {
          return work;
        }
        this.strays.push(work.then(nothing, nothing));
        throw new SluiceError('connection-lost', lost);
      }
      const isLost = wanted !== null && wanted.times > 0 && options.action === wanted.action;
      if (!isLost) {
        return transport.run(script, options);
      }
      wanted.times -= 1;
      if (wanted.when === 'after') {
        await transport.run(script, options);
      }
      throw new SluiceError('connection-lost', lost);
    };
    return new Proxy(transport, {
      get: (target, name) => {
        const value: unknown = name === 'run' ? run : Reflect.get(target, name);
        return typeof value === 'function' && name !== 'run'
          ? (value as (...given: unknown[]) => unknown).bind(target)
          : value;
      }
    });
  }
}

/** The whole service before a real cluster, with answers that can be lost. */
export async function openSlurmStand(
  bed: string
): Promise<{ stand: ServiceStand; thief: AnswerThief }> {
  const environment = await readEnvironment(bed);
  const config = readFileSync(environment['SLUICE_CONFIG'] ?? '', 'utf8');
  const thief = new AnswerThief();
  const stand = await ServiceStand.open(config, environment, (_, usual) => ({
    ...usual,
    transport: (host, sshConfig) => thief.guard(usual.transport(host, sshConfig))
  }));
  return { stand, thief };
}

/** Names of the jobs that wait or run, whoever's they are. */
export async function namesInQueue(bed: string): Promise<string[]> {
  const states = 'PENDING,RUNNING,COMPLETING,CONFIGURING,SUSPENDED';
  const rows = await slurm(bed, 'squeue', ['-h', '-t', states, '-o', '%j']);
  return rows.split('\n').filter(name => name !== '');
}
