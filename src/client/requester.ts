import type { SluiceError } from '../shared/errors';
import { ClientError, readProblem } from './client-error';
import type { IWebResponse, WebRequest } from './web';

export type RequesterOptions<Response extends IWebResponse, Signal> = {
  fetch: (url: string, request: WebRequest<Signal>) => Promise<Response>;
  /** Where the service's paths begin, without a slash at the end. */
  baseUrl: string;
  headers?: Readonly<Record<string, string>>;
  /** A signal that aborts a request after that time, or as soon as the caller's own does. */
  deadline?: (ms: number, signal?: Signal) => Signal;
  /** What it means when someone else than the service answers, such as a server without it. */
  stranger?: (status: number) => SluiceError;
};

export type Call<Signal = unknown> = {
  method?: 'GET' | 'POST';
  path: string;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  timeoutMs?: number;
  /** The caller's own, to end the wait. */
  signal?: Signal;
  /** Statuses beside 2xx that the caller can read. */
  accept?: readonly number[];
};

const TIMEOUT_MS = 30_000;

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function stranger(status: number): SluiceError {
  return ClientError.unreachable(`something else answers in its place (HTTP status ${status})`);
}

/** Sends requests to the service and turns what goes wrong into errors of the one table. */
export class Requester<Response extends IWebResponse, Signal> {
  constructor(private readonly options: RequesterOptions<Response, Signal>) {}

  /** The answer to a call, once it is known to be a good one. Errors: every code of the service, `service-down`. */
  async send(call: Call<Signal>): Promise<Response> {
    const response = await this.exchange(call);
    const { status } = response;
    if ((status >= 200 && status < 300) || call.accept?.includes(status)) {
      return response;
    }
    const problem = readProblem(await this.text(response));
    if (problem === null) {
      throw (this.options.stranger ?? stranger)(status);
    }
    throw new ClientError(problem, false);
  }

  /** The JSON of an answer. */
  async json<Body>(call: Call<Signal>): Promise<Body> {
    const response = await this.send(call);
    const text = await this.text(response);
    try {
      return JSON.parse(text) as Body;
    } catch {
      throw (this.options.stranger ?? stranger)(response.status);
    }
  }

  /** The text of an answer. */
  async text(response: Response): Promise<string> {
    try {
      return await response.text();
    } catch (error) {
      throw ClientError.unreachable(`its answer broke off (${words(error)})`, error);
    }
  }

  private async exchange({
    method = 'GET',
    path,
    body,
    headers,
    timeoutMs = TIMEOUT_MS,
    signal
  }: Call<Signal>): Promise<Response> {
    const { fetch, baseUrl, deadline } = this.options;
    const json: Record<string, string> =
      body === undefined ? {} : { 'Content-Type': 'application/json' };
    try {
      return await fetch(`${baseUrl}${path}`, {
        method,
        headers: { ...this.options.headers, ...json, ...headers },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: deadline?.(timeoutMs, signal) ?? signal
      });
    } catch (error) {
      throw ClientError.unreachable(words(error), error);
    }
  }
}
