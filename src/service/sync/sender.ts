import { SluiceError } from '../../shared/errors';
import { untilAborted } from '../transports/deadline';
import type { ITransport } from '../transports/transport';
import { HostMemory } from './host-memory';
import { placesOf } from './parcel-contents';
import type { Sending, SendOptions, SendService, Sent } from './send-options';
import { shipParcels } from './ship-parcels';
import type { Parcel } from './shipment';

/** How many connections one sending may use up. */
const CONNECTIONS = 3;

/** Brings what tasks need to hosts, and nothing twice. */
export class Sender {
  private readonly memories = new WeakMap<ITransport, Map<string, HostMemory>>();

  constructor(private readonly service: SendService) {}

  /**
   * Bring every parcel that the host lacks there; what is there is not sent again, nor what a
   * snapshot shares with one that is there.
   *
   * Errors: `upload-failed`, `disk-full`, `file-changed`, and those of the transport. Nothing is
   * published in part; a large file goes on where it was cut when the same is sent again.
   */
  async send(options: SendOptions): Promise<Sent> {
    const { transport, root, parcels, alsoAsk = '', signal } = options;
    const memory = this.memory(transport, root);
    const claimed = await claim(memory, parcels, signal);
    try {
      if (claimed.length === 0 && alsoAsk === '') {
        return { files: 0, bytes: 0, said: '' };
      }
      return await this.bring(options, memory, claimed);
    } finally {
      memory.release(claimed.flatMap(placesOf));
    }
  }

  /** A connection that is lost is opened again, and what had arrived stays. */
  private async bring(
    options: SendOptions,
    memory: HostMemory,
    parcels: readonly Parcel[]
  ): Promise<Sent> {
    for (let attempt = 1; ; attempt += 1) {
      const nonce = `${options.nonce}-${attempt}`;
      try {
        return await shipParcels(this.sending({ ...options, nonce }, memory), parcels);
      } catch (error) {
        const isLost = error instanceof SluiceError && error.code === 'connection-lost';
        if (!isLost || attempt === CONNECTIONS || options.signal.aborted) {
          throw error;
        }
        options.progress('the connection was lost; sending goes on');
      }
    }
  }

  /** Somebody found these to be other than they were sent: they are sent anew. */
  noteDamaged(transport: ITransport, root: string, places: readonly string[]): void {
    const memory = this.memory(transport, root);
    places.forEach(place => memory.noteDamaged(place));
  }

  /** A job ended as if its worker were not as it was sent: its contents are compared at the next use. */
  noteDoubted(transport: ITransport, root: string, place: string): void {
    this.memory(transport, root).noteDoubted(place);
  }

  private sending(options: SendOptions, memory: HostMemory): Sending {
    let words = 0;
    const newWord = (): string => {
      words += 1;
      return `${options.nonce}-${words}`;
    };
    return { ...options, memory, service: this.service, replaced: new Set(), newWord };
  }

  private memory(transport: ITransport, root: string): HostMemory {
    const roots = this.memories.get(transport) ?? new Map<string, HostMemory>();
    this.memories.set(transport, roots);
    const memory = roots.get(root) ?? new HostMemory(this.service.nowMs);
    roots.set(root, memory);
    return memory;
  }
}

/** Those of which nothing is known, once no other task is about to bring them. */
async function claim(
  memory: HostMemory,
  parcels: readonly Parcel[],
  signal: AbortSignal
): Promise<Parcel[]> {
  for (;;) {
    const unknown = parcels.filter(({ place }) => !memory.isThere(place));
    const others = memory.claim([...new Set(unknown.flatMap(placesOf))]);
    if (others === null) {
      return unknown;
    }
    await untilAborted(others, signal);
  }
}
