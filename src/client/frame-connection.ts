import type { ClientFrame, ServiceFrame } from '../shared/wire/frames';
import { Listeners } from './listeners';
import type { IWebSocket, SetTimer } from './web';

export type FrameConnectionOptions = {
  /** Opens a socket to `/api/events`; what it throws counts as a lost connection. */
  connect: () => IWebSocket;
  setTimer: SetTimer;
  /** From 0 up to 1, so that many clients do not come back at the same instant. */
  random: () => number;
};

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

/** How long to wait before the next attempt, after so many in vain. */
export function pauseMs(attempts: number, random: number): number {
  const full = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempts);
  return full / 2 + (full / 2) * random;
}

function parseFrame(data: unknown): ServiceFrame | null {
  try {
    const frame = JSON.parse(String(data)) as Partial<ServiceFrame> | null;
    return typeof frame?.frame === 'string' ? (frame as ServiceFrame) : null;
  } catch {
    return null;
  }
}

/**
 * Frames to and from the service, over one WebSocket that is opened again when it is lost. What was
 * subscribed or leased over a lost one is forgotten by the service.
 */
export class FrameConnection {
  /** Told of every change of `isConnected`. */
  readonly changes = new Listeners<boolean>();
  readonly frames = new Listeners<ServiceFrame>();
  private socket: IWebSocket | null = null;
  private isOpen = false;
  private attempts = 0;
  private cancelTimer: (() => void) | null = null;
  private isClosed = false;

  constructor(private readonly options: FrameConnectionOptions) {}

  get isConnected(): boolean {
    return this.isOpen;
  }

  /** Connect; may be called again without effect. */
  start(): void {
    if (this.socket === null && this.cancelTimer === null && !this.isClosed) {
      this.open();
    }
  }

  /** Send a frame; dropped, and false, while there is no connection. */
  send(frame: ClientFrame): boolean {
    if (this.isOpen) {
      this.socket?.send(JSON.stringify(frame));
    }
    return this.isOpen;
  }

  /** End for good; may be called twice. */
  close(): void {
    this.isClosed = true;
    this.cancelTimer?.();
    this.cancelTimer = null;
    this.drop();
  }

  private open(): void {
    let socket: IWebSocket;
    try {
      socket = this.options.connect();
    } catch {
      this.retryLater();
      return;
    }
    this.socket = socket;
    const current = (handle: (event: object) => void) => (event: object) => {
      // A socket that was given up may still speak.
      if (this.socket === socket) {
        handle(event);
      }
    };
    socket.addEventListener(
      'open',
      current(() => this.opened())
    );
    socket.addEventListener(
      'message',
      current(event => this.receive(event))
    );
    socket.addEventListener(
      'close',
      current(() => this.lose())
    );
    // The reason comes with the `close` that follows.
    socket.addEventListener('error', () => undefined);
  }

  private opened(): void {
    this.isOpen = true;
    this.changes.tell(true);
  }

  private receive(event: object): void {
    const frame = parseFrame('data' in event ? event.data : null);
    if (frame === null) {
      // What follows cannot be trusted to be complete.
      this.lose();
      return;
    }
    this.attempts = 0;
    this.frames.tell(frame);
  }

  private lose(): void {
    this.drop();
    if (!this.isClosed) {
      this.retryLater();
    }
  }

  private drop(): void {
    const { socket, isOpen } = this;
    this.socket = null;
    this.isOpen = false;
    socket?.close();
    if (isOpen) {
      this.changes.tell(false);
    }
  }

  private retryLater(): void {
    const { setTimer, random } = this.options;
    const ms = pauseMs(this.attempts, random());
    this.attempts += 1;
    this.cancelTimer = setTimer(() => {
      this.cancelTimer = null;
      this.open();
    }, ms);
  }
}
