import { SluiceError } from '../../shared/errors';
import { afterFailure, type AttemptRecord, type ConnectFailure } from './back-off';

/** What is kept: something that may go away by itself, and can be ended. */
export type Keepable = { readonly gone: Promise<unknown>; end(): void };

/** How a failed attempt is to be waited for. */
export function failureKind(error: unknown): ConnectFailure {
  const code = error instanceof SluiceError ? error.code : '';
  if (code === 'authentication-refused') {
    return 'authentication';
  }
  return code.startsWith('host-key-') || code === 'config-invalid' ? 'host-key' : 'network';
}

/**
 * One connection, opened when it is first needed, shared by all who ask, and opened anew at the
 * next call after it dropped. After a failed attempt, calls get its error without a new attempt
 * until its time has come.
 */
export class KeptLink<Link extends Keepable> {
  #current: Link | null = null;
  #opening: Promise<Link> | null = null;
  #record: AttemptRecord | null = null;
  #lastError: unknown = null;

  constructor(
    private readonly open: () => Promise<Link>,
    private readonly nowMs: () => number
  ) {}

  /** The connection that stands; null when there is none. */
  get current(): Link | null {
    return this.#current;
  }

  async get(): Promise<Link> {
    if (this.#current !== null) {
      return this.#current;
    }
    if (this.#opening === null) {
      if (this.#record !== null && this.nowMs() < this.#record.notBeforeMs) {
        throw this.#lastError;
      }
      this.#opening = this.#attempt();
    }
    return this.#opening;
  }

  /** Use it no more; the next call opens another one. */
  drop(link: Link): void {
    if (this.#current === link) {
      this.#current = null;
    }
    link.end();
  }

  /** End the connection; forget what failed. */
  async close(): Promise<void> {
    this.#record = null;
    const link = this.#current ?? (await this.#opening?.catch(() => null)) ?? null;
    if (link !== null) {
      this.drop(link);
      await link.gone;
    }
  }

  async #attempt(): Promise<Link> {
    try {
      const link = await this.open();
      this.#current = link;
      this.#record = null;
      void link.gone.then(() => {
        if (this.#current === link) {
          this.#current = null;
        }
      });
      return link;
    } catch (error) {
      this.#lastError = error;
      this.#record = afterFailure(this.#record, failureKind(error), this.nowMs());
      throw error;
    } finally {
      this.#opening = null;
    }
  }
}
