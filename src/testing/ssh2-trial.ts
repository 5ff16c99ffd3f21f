import type { SluiceError } from '../shared/errors';
import { createSsh2Transport } from '../service/transports/ssh2/ssh2-transport';
import type { ITransport } from '../service/transports/transport';
import { type LoopbackSshd, type SshdOptions, startSshd } from './loopback-sshd';

const how = { action: 'test', timeoutMs: 20_000 };

/** What one test starts, transports and the sshds that they reach, ended in the right order. */
export class Ssh2Trial {
  #ends: (() => Promise<void>)[] = [];

  /** Run after all that uses it has ended. */
  onEnd(end: () => Promise<void>): void {
    this.#ends.push(end);
  }

  readonly sshd = async (options: SshdOptions = {}): Promise<LoopbackSshd> => {
    const sshd = await startSshd(options);
    this.onEnd(() => sshd.stop());
    return sshd;
  };

  readonly transportTo = (
    configPath: string,
    options: { host?: string; env?: NodeJS.ProcessEnv; nowMs?: () => number } = {}
  ): ITransport => {
    const { host = 'loopback', ...others } = options;
    const transport = createSsh2Transport({
      target: 'test',
      host,
      sshConfig: configPath,
      ...others
    });
    this.#ends.unshift(() => transport.close());
    return transport;
  };

  async end(): Promise<void> {
    for (const end of this.#ends.splice(0)) {
      await end();
    }
  }
}

/** What a script prints; a word unless told otherwise. */
export async function outputOf(transport: ITransport, script = 'echo reached'): Promise<string> {
  return (await transport.run(script, how)).stdout.toString().trim();
}

/** The error of a call; fails when the host was reached. */
export async function errorOf(transport: ITransport): Promise<SluiceError> {
  return outputOf(transport).then(
    () => {
      throw new Error('the host was reached');
    },
    (error: unknown) => error as SluiceError
  );
}
