/**
 * What the client needs of `fetch`, `WebSocket` and timers: little enough that the browser's, Jupyter's and
 * Node's fit without this folder knowing any of them.
 */
export type WebRequest<Signal> = {
  method: string;
  headers: Record<string, string>;
  body?: string;
  signal?: Signal;
};

export interface IWebResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

/** A `WebSocket` that was told where to connect. */
export interface IWebSocket {
  addEventListener(
    type: 'open' | 'message' | 'close' | 'error',
    listener: (event: object) => void
  ): void;
  send(data: string): void;
  close(): void;
}

/** Calls back after a while; returns what calls it off. */
export type SetTimer = (call: () => void, ms: number) => () => void;
