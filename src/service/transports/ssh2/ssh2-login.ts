import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { SluiceError } from '../../../shared/errors';
import { type Deferred, deferred } from '../deferred';
import { SignLater } from './late-key';
import { LoginClock, type RunAfter } from './login-clock';
import type { ISshAuthentication } from './ssh-authentication';
import { type RawSshError, translateSshError } from './ssh-errors';
import type { SshHost } from '../ssh-host/ssh-host';

type LoginParts = {
  client: Client;
  socket: Duplex;
  host: SshHost;
  target: string;
  authentication: ISshAuthentication;
  /** Gives the login up, with its reason. */
  signal: AbortSignal;
  after: RunAfter;
};

/** How long a host has to answer a good-bye. */
const END_GRACE_MS = 2000;

/** Follows one ssh2 client from its login to its end, and knows why it ended. */
export class Ssh2Login {
  /** Settles when the login has succeeded or failed. */
  readonly ready: Promise<void>;
  /** Resolves with the reason once the connection is gone. */
  readonly gone: Promise<SluiceError>;
  /** Limits what the host takes for its next word, until the login is over. */
  readonly clock: LoginClock;
  /** Its key is looked at, also by a person. */
  isAtHostKey = false;
  #isReady = false;
  #hasSpoken = false;
  #fault: RawSshError | null = null;
  readonly #ready: Deferred<void> = deferred();
  readonly #gone = deferred<SluiceError>();
  readonly #over = new AbortController();

  constructor(private readonly parts: LoginParts) {
    this.ready = this.#ready.promise;
    this.gone = this.#gone.promise;
    this.clock = new LoginClock(() => this.#timedOut(), parts.after);
    this.clock.expect(parts.host.connectTimeoutMs);
    this.#followClient();
    const giveUp = (): void => this.fail(parts.signal.reason as Error);
    parts.signal.addEventListener('abort', giveUp, { once: true });
    this.#over.signal.addEventListener('abort', () =>
      parts.signal.removeEventListener('abort', giveUp)
    );
  }

  /** Aborted when the login is over, well or not. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Something arrived from the host. */
  hear(): void {
    this.#hasSpoken = true;
  }

  /** Something went wrong; the first fault is the reason, others follow from it. */
  fail(error: RawSshError): void {
    const { authentication } = this.parts;
    if (isPassing(error)) {
      if (!(error instanceof SignLater)) {
        authentication.note(error.message);
      }
      return;
    }
    if (this.#fault === null) {
      this.#fault = error;
      const reason = this.#reason;
      this.#finish(reason);
      this.#ready.reject(reason);
      this.end();
    }
  }

  /** Say good-bye, and do not wait long for an answer. */
  end(): void {
    const { client, socket } = this.parts;
    client.end();
    const timer = setTimeout(() => socket.destroy(), END_GRACE_MS);
    void this.gone.then(() => clearTimeout(timer));
  }

  #followClient(): void {
    const { client, host, authentication } = this.parts;
    client.on('error', error => this.fail(error));
    client.on('banner', words => authentication.hear(words));
    client.on('handshake', () => this.#heard(host.connectTimeoutMs));
    client.once('ready', () => {
      this.#isReady = true;
      this.#finish(new Error('the login is over'));
      this.#ready.resolve();
    });
    client.once('close', () => {
      this.fail(new Error('it closed the connection'));
      this.#gone.resolve(this.#reason);
    });
    client.on('change password', () => {
      const problem = `it wants a new password to be set: do that with \`ssh ${host.alias}\` in a terminal`;
      const details = { target: this.parts.target, host: host.alias, user: host.user, problem };
      this.fail(new SluiceError('authentication-refused', details));
    });
  }

  /** Keys are also exchanged anew on a connection that stands. */
  #heard(limitMs: number): void {
    if (!this.#isReady) {
      this.clock.expect(limitMs);
    }
  }

  #finish(reason: Error): void {
    this.clock.end();
    this.#over.abort(reason);
  }

  #timedOut(): void {
    this.fail(Object.assign(new Error(this.#silence()), { level: 'client-timeout' }));
    this.parts.socket.destroy();
  }

  #silence(): string {
    const seconds = Math.ceil(this.clock.limitMs / 1000);
    if (this.#hasSpoken) {
      return `it did not finish the login in time: it said nothing for ${seconds} s`;
    }
    return (this.parts.socket as { connecting?: boolean }).connecting === true
      ? `it does not answer within ${seconds} s`
      : `it took the connection and said nothing for ${seconds} s; is SSH on that port?`;
  }

  get #reason(): SluiceError {
    const { host, target, authentication } = this.parts;
    const fault = this.#fault ?? new Error('it was closed from here');
    if (fault instanceof SluiceError) {
      return fault;
    }
    const phase = this.#isReady ? 'session' : 'login';
    const error = translateSshError(fault, { phase, target, host: host.alias, user: host.user });
    if (this.#isReady) {
      return error;
    }
    if (this.isAtHostKey || authentication.isAsking) {
      const problem = 'it ended the login while it waited for an answer';
      const question = this.isAtHostKey ? 'host-key' : 'question';
      const details = { host: host.alias, target, problem, question };
      return new SluiceError('needs-login', details, { cause: fault });
    }
    // Only the login knows which keys were tried, and what could not be followed.
    const { code, details, cause } = error;
    const said = String(details.problem);
    const problem = code === 'authentication-refused' ? refusal(said, authentication) : [said];
    return new SluiceError(
      code,
      { ...details, problem: [...problem, ...host.notes].join('; ') },
      { cause }
    );
  }
}

const ALL_FAILED = 'All configured authentication methods failed';

/** Faults after which ssh2 goes on with the next way to log in. */
function isPassing(error: RawSshError): boolean {
  const isOfOneWay = error.level === 'client-authentication' && error.message !== ALL_FAILED;
  return error.level === 'agent' || isOfOneWay;
}

/** That a key was refused too is no news to somebody who was asked. */
const refusal = (said: string, { isAnswerRefused, problem }: ISshAuthentication): string[] =>
  isAnswerRefused ? [problem] : [said, problem];
