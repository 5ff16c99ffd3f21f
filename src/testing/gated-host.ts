import type { Duplex } from 'node:stream';
import { SluiceError } from '../shared/errors';
import type { Connection } from '../shared/wire/connection';
import { KeptLink } from '../service/transports/kept-link';
import { createLocalTransport } from '../service/transports/local-transport';
import type { ILoginAttempt, ILoginPrompter } from '../service/transports/login/login-prompter';
import type {
  IRemoteStream,
  ITransport,
  RunOptions,
  RunResult
} from '../service/transports/transport';

class Gate {
  private open: (reason: unknown) => void = () => undefined;
  readonly gone = new Promise<unknown>(resolve => {
    this.open = resolve;
  });

  end(reason: unknown = null): void {
    this.open(reason);
  }
}

type DoorOptions = {
  host: string;
  prompter: ILoginPrompter;
  logIn: (attempt: ILoginAttempt, signal: AbortSignal) => Promise<void>;
};

/** This machine's own transport behind a kept connection that has to be logged in. */
class GatedTransport implements ITransport {
  readonly host: string;
  readonly sessionLimit = 10;
  private readonly local = createLocalTransport();
  private readonly link: KeptLink<Gate>;

  constructor({ host, prompter, logIn }: DoorOptions) {
    this.host = host;
    this.link = new KeptLink<Gate>({
      target: host,
      host,
      via: 'ssh2',
      prompter,
      open: async (attempt, signal) => {
        await logIn(attempt, signal);
        return new Gate();
      }
    });
  }

  get connection(): Connection {
    return this.link.connection;
  }

  onConnection(listener: () => void): () => void {
    return this.link.onChange(listener);
  }

  async connect(): Promise<void> {
    await this.link.get();
  }

  async run(script: string, options: RunOptions): Promise<RunResult> {
    await this.link.get();
    return this.local.run(script, options);
  }

  async read(path: string, options?: Parameters<ITransport['read']>[1]): Promise<Buffer> {
    await this.link.get();
    return this.local.read(path, options);
  }

  async write(...given: Parameters<ITransport['write']>): Promise<void> {
    await this.link.get();
    await this.local.write(...given);
  }

  async stream(...given: Parameters<ITransport['stream']>): Promise<IRemoteStream> {
    await this.link.get();
    return this.local.stream(...given);
  }

  async forward(address: string, port: number): Promise<Duplex> {
    await this.link.get();
    return this.local.forward(address, port);
  }

  /** The connection is lost, with all that runs over it. */
  async drop(): Promise<void> {
    this.link.current?.end();
    await this.local.close();
  }

  async close(): Promise<void> {
    await this.link.close();
    await this.local.close();
  }
}

/** A host that asks for a code at each login, and counts who comes. */
export class GatedHost {
  /** Connections that were begun. */
  connections = 0;
  /** Codes as they came. */
  readonly codes: string[] = [];
  private transports: GatedTransport[] = [];

  constructor(private readonly code: string) {}

  transport(host: string, prompter: ILoginPrompter): ITransport {
    const logIn = async (attempt: ILoginAttempt, signal: AbortSignal): Promise<void> => {
      this.connections += 1;
      const fields = [{ label: 'Code:', secret: true }];
      const question = { host, kind: 'question' as const, text: 'Two factors', fields };
      const [given = ''] = await attempt.ask(question, signal);
      this.codes.push(given);
      if (given !== this.code) {
        const details = { host, target: host, user: 'me', problem: 'the code is wrong' };
        throw new SluiceError('authentication-refused', details);
      }
    };
    const transport = new GatedTransport({ host, prompter, logIn });
    this.transports.push(transport);
    return transport;
  }

  /** Every connection is lost. */
  async drop(): Promise<void> {
    await Promise.all(this.transports.map(transport => transport.drop()));
  }
}
