import type { IScheduler } from '../schedulers/scheduler';
import type { Place } from '../store/task-record';
import type { ITransport } from '../transports/transport';

/** Picks the concrete transport and scheduler; given by `main`. */
export interface IHostFactory {
  transport(host: string | null, sshConfig: string | null): ITransport;
  scheduler(name: Place['scheduler']): IScheduler;
}

export type HostAddress = Pick<Place, 'host' | 'sshConfig'>;

/** One connection for each host, shared by all that is done there. */
export class Hosts {
  private readonly transports = new Map<string, ITransport>();

  constructor(private readonly factory: IHostFactory) {}

  /** The kept connection to a host; opened by its first call. */
  transport(address: HostAddress): ITransport {
    const key = Hosts.key(address);
    let transport = this.transports.get(key);
    if (transport === undefined) {
      transport = this.factory.transport(address.host, address.sshConfig);
      this.transports.set(key, transport);
    }
    return transport;
  }

  /** The connection to a host that something was asked of already; null: nothing was. */
  known(address: HostAddress): ITransport | null {
    return this.transports.get(Hosts.key(address)) ?? null;
  }

  scheduler(name: Place['scheduler']): IScheduler {
    return this.factory.scheduler(name);
  }

  static key({ host, sshConfig }: HostAddress): string {
    return JSON.stringify([host, sshConfig]);
  }

  async close(): Promise<void> {
    await Promise.all([...this.transports.values()].map(transport => transport.close()));
  }
}
