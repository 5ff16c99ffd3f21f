import type { ClientFrame, ServiceFrame } from '../../shared/wire/frames';
import type { IWebSocket, SetTimer } from '../web';

/** The service's end of a connection, moved by hand. */
export class FakeSocket implements IWebSocket {
  readonly sent: ClientFrame[] = [];
  isClosed = false;
  private readonly listeners = new Map<string, ((event: object) => void)[]>();

  addEventListener(type: string, listener: (event: object) => void): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data) as ClientFrame);
  }

  close(): void {
    this.isClosed = true;
  }

  emit(type: string, event: object = {}): void {
    this.listeners.get(type)?.forEach(listener => {
      listener(event);
    });
  }

  deliver(...frames: ServiceFrame[]): void {
    frames.forEach(frame => {
      this.emit('message', { data: JSON.stringify(frame) });
    });
  }

  /** The frames sent since the last call. */
  take(): ClientFrame[] {
    return this.sent.splice(0);
  }
}

/** Timers that fire when a spec says so. */
export class FakeTimers {
  private readonly timers = new Set<{ call: () => void; ms: number }>();

  readonly setTimer: SetTimer = (call, ms) => {
    const timer = { call, ms };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  };

  get waits(): number[] {
    return [...this.timers].map(({ ms }) => ms);
  }

  /** Fire the timers that are set now, of this length if one is given. */
  fire(ms?: number): void {
    for (const timer of [...this.timers].filter(each => ms === undefined || each.ms === ms)) {
      this.timers.delete(timer);
      timer.call();
    }
  }
}
