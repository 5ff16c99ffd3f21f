import { SluiceError } from '../../shared/errors';
import type { Connection } from '../../shared/wire/connection';
import { afterFailure, type AttemptRecord, type ConnectFailure, mayAttempt } from './back-off';
import type { SshWay } from './channel-source-options';
import { type ILoginAttempt, type ILoginPrompter, nobody } from './login/login-prompter';
import { steadyNowMs } from './steady-now';
import { WatchedAttempt } from './login/watched-attempt';

/** What is kept: something that may go away by itself, and can be ended. */
export type Keepable = { readonly gone: Promise<unknown>; end(): void };

export type KeptLinkOptions<Link> = {
  /** Connect and log in. Questions go to `attempt`, which is ended by the caller; gives up when `signal` is aborted, with its reason. */
  open(attempt: ILoginAttempt, signal: AbortSignal): Promise<Link>;
  target: string;
  host: string;
  via: SshWay;
  /** Absent: nobody is asked. */
  prompter?: ILoginPrompter;
  nowMs?: () => number;
  /** How long a connection that a person logged in is kept; null: as usual. */
  keepMs?: () => number | null;
};

type Opening<Link> = { promise: Promise<Link>; attempt: WatchedAttempt; abort: AbortController };

const KEEP_MS = 8 * 3_600_000;

/** How a failed attempt is to be waited for; null where waiting does not help, since a person is needed. */
export function failureKind(error: unknown): ConnectFailure | null {
  const code = error instanceof SluiceError ? error.code : '';
  if (code === 'needs-login' || code === 'login-canceled') {
    return null;
  }
  if (code === 'authentication-refused') {
    return 'authentication';
  }
  const isOfSetup = ['config-invalid', 'openssh-missing'].includes(code);
  return code.startsWith('host-key-') || isOfSetup ? 'host-key' : 'network';
}

/**
 * One connection, opened when it is first needed, shared by all who ask, and opened anew at the
 * next call after it dropped. After a failed attempt, calls get its error without a new attempt
 * until its time has come. A connection that a person logged in comes back only by a person's
 * action: until then calls get `needs-login`, and nothing goes over the network. After too many
 * refused logins they get `login-paused` likewise.
 */
export class KeptLink<Link extends Keepable> {
  #current: { link: Link; openedAtMs: number } | null = null;
  #opening: Opening<Link> | null = null;
  #record: AttemptRecord | null = null;
  #lastError: unknown = null;
  /** Why a person is needed; null when none is. */
  #personFor: string | null = null;
  #sinceMs: number | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #nowMs: () => number;
  readonly #prompter: ILoginPrompter;

  constructor(private readonly options: KeptLinkOptions<Link>) {
    this.#nowMs = options.nowMs ?? steadyNowMs;
    this.#prompter = options.prompter ?? nobody;
  }

  /** The connection that stands; null when there is none. */
  get current(): Link | null {
    return this.#current?.link ?? null;
  }

  /** Whether a person logged in, so that it does not come back by itself. */
  get isOfPerson(): boolean {
    return this.#personFor !== null;
  }

  /** How it is connected now. */
  get connection(): Connection {
    return { ...this.#state(), via: this.options.via, since: this.#sinceMs };
  }

  /** Be told of each change of `connection`; the returned function ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async get(): Promise<Link> {
    this.#endIfTooOld();
    if (this.#current !== null) {
      return this.#current.link;
    }
    if (this.#opening === null) {
      this.#refuseAttempt();
      this.#opening = this.#begin();
      this.#changed();
    }
    return this.#opening.promise;
  }

  /** Use it no more; the next call opens another one. */
  drop(link: Link): void {
    this.#forget(link, 'the connection broke');
    link.end();
  }

  /** End the connection, or the login that is under way; forget what failed. */
  async close(): Promise<void> {
    this.#record = null;
    const { host } = this.options;
    this.#opening?.abort.abort(
      new SluiceError('connection-lost', { host, problem: 'it was closed from here' })
    );
    const link = this.current ?? (await this.#opening?.promise.catch(() => null)) ?? null;
    if (link !== null) {
      this.#forget(link, 'it was logged out');
      link.end();
      await link.gone;
    }
  }

  #state(): Pick<Connection, 'state' | 'words' | 'notBefore'> {
    if (this.#current !== null) {
      return { state: 'connected', words: null, notBefore: null };
    }
    if (this.#opening !== null) {
      const state = this.#opening.attempt.isAsking ? 'asking' : 'connecting';
      return { state, words: null, notBefore: null };
    }
    const words = this.#lastError instanceof Error ? this.#lastError.message : null;
    if (this.#personFor !== null || wantsPerson(this.#lastError)) {
      return { state: 'needs-login', words: words ?? this.#personFor, notBefore: null };
    }
    const notBeforeMs = this.#record?.notBeforeMs ?? 0;
    const isPaused = this.#record?.failure === 'authentication' && this.#nowMs() < notBeforeMs;
    const notBefore = Number.isFinite(notBeforeMs) && notBeforeMs > 0 ? notBeforeMs : null;
    return { state: isPaused ? 'paused' : 'idle', words, notBefore };
  }

  /** Throw where nothing may be tried now. */
  #refuseAttempt(): void {
    const { mayAsk } = this.#prompter;
    const { host, target } = this.options;
    if (this.#personFor !== null && !mayAsk) {
      throw new SluiceError('needs-login', { host, target, problem: this.#personFor });
    }
    if (!mayAttempt(this.#record, { nowMs: this.#nowMs(), mayAsk })) {
      throw this.#record?.notBeforeMs === Infinity ? this.#paused() : this.#lastError;
    }
  }

  #paused(): SluiceError {
    const { host, target } = this.options;
    const details = { host, target, count: this.#record?.refusals ?? 0, until: 'you log in' };
    return new SluiceError('login-paused', details, { cause: this.#lastError });
  }

  #begin(): Opening<Link> {
    const attempt = new WatchedAttempt(this.#prompter.begin(), () => this.#changed());
    const abort = new AbortController();
    // Not before it is known that an attempt is under way.
    const promise = Promise.resolve().then(() => this.#attempt(attempt, abort.signal));
    return { promise, attempt, abort };
  }

  async #attempt(attempt: WatchedAttempt, signal: AbortSignal): Promise<Link> {
    try {
      signal.throwIfAborted();
      const link = await this.options.open(attempt, signal);
      this.#keep(link, attempt);
      return link;
    } catch (error) {
      this.#failed(error, attempt, signal);
      throw error;
    } finally {
      attempt.end();
      this.#opening = null;
      this.#changed();
    }
  }

  #keep(link: Link, { needsPerson }: WatchedAttempt): void {
    this.#current = { link, openedAtMs: this.#nowMs() };
    this.#record = null;
    this.#lastError = null;
    this.#personFor = needsPerson ? 'the connection ended' : null;
    void link.gone.then(reason => this.#forget(link, whyGone(reason)));
  }

  #failed(error: unknown, attempt: WatchedAttempt, signal: AbortSignal): void {
    const kind = failureKind(error) ?? (attempt.sawHostKeyOnly ? 'host-key' : null);
    if (attempt.needsPerson || kind === null) {
      this.#personFor = whyPerson(error);
    }
    if (signal.aborted) {
      return;
    }
    this.#lastError = error;
    if (kind !== null) {
      const { hasAsked } = attempt;
      this.#record = afterFailure(this.#record, kind, this.#nowMs(), hasAsked);
    }
  }

  /** What a person logged in ends at its time, also where it works. */
  #endIfTooOld(): void {
    const keepMs = this.options.keepMs?.() ?? KEEP_MS;
    if (this.#current === null || this.#personFor === null) {
      return;
    }
    const { link, openedAtMs } = this.#current;
    if (this.#nowMs() >= openedAtMs + keepMs) {
      const hours = Math.round(keepMs / 360_000) / 10;
      this.#forget(link, `the last login was ${hours} h ago`);
      link.end();
    }
  }

  #forget(link: Link, why: string): void {
    if (this.#current?.link === link) {
      this.#current = null;
      this.#personFor &&= why;
      this.#changed();
    }
  }

  #changed(): void {
    this.#sinceMs = this.#nowMs();
    this.#listeners.forEach(listener => listener());
  }
}

/** A host key may also be accepted elsewhere, so that such a host is tried again in its time. */
const wantsPerson = (error: unknown): boolean =>
  error instanceof SluiceError && ['needs-login', 'host-key-unknown'].includes(error.code);

function whyGone(reason: unknown): string {
  const problem = reason instanceof SluiceError ? reason.details.problem : undefined;
  return typeof problem === 'string'
    ? `the connection was lost (${problem})`
    : 'the connection ended';
}

/** Why a person has to log in again, in words. */
function whyPerson(error: unknown): string {
  const { code, details } = error instanceof SluiceError ? error : new SluiceError('internal');
  if (code === 'login-canceled') {
    return 'the last login was given up';
  }
  return typeof details.problem === 'string' ? details.problem : 'the last login failed';
}
