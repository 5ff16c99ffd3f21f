import type { ITransport } from '../transports/transport';
import type { HostMemory } from './host-memory';
import type { Parcel } from './shipment';

/** What one sending is asked for. */
export type SendOptions = {
  transport: ITransport;
  /** Absolute on the host. */
  root: string;
  parcels: readonly Parcel[];
  /** A fresh word for the directory of this upload. */
  nonce: string;
  /** Name of the target, for messages. */
  target: string;
  /** Text of sh that asks something else of the host in the same breath. */
  alsoAsk?: string;
  signal: AbortSignal;
  progress: (words: string) => void;
};

/** What came of it. */
export type Sent = {
  files: number;
  bytes: number;
  /** What the host wrote to the question, that of `alsoAsk` within it. */
  said: string;
};

/** One sending, and what the service keeps for it. */
export type Sending = SendOptions & {
  memory: HostMemory;
  service: SendService;
  /** Damaged ones, which give way to what is sent. */
  replaced: Set<string>;
  /** A fresh word for each upload of this sending. */
  newWord: () => string;
};

/** What all sendings of one service share. */
export type SendService = {
  /** The same for each life of this service: parts of large files are named by it. */
  tag: string;
  nowMs: () => number;
};
