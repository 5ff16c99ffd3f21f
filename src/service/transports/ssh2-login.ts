import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { SluiceError } from '../../shared/errors';
import { type Deferred, deferred } from './deferred';
import type { ISshAuthentication } from './ssh-authentication';
import type { SshHost } from './ssh-config';
import { type RawSshError, translateSshError } from './ssh-errors';

type LoginParts = {
  client: Client;
  socket: Duplex;
  host: SshHost;
  target: string;
  authentication: ISshAuthentication;
};

/** How long a host has to answer a good-bye. */
const END_GRACE_MS = 2000;

/** Follows one ssh2 client from its login to its end, and knows why it ended. */
export class Ssh2Login {
  /** Settles when the login has succeeded or failed. */
  readonly ready: Promise<void>;
  /** Resolves with the reason once the connection is gone. */
  readonly gone: Promise<SluiceError>;
  #isReady = false;
  #fault: RawSshError | null = null;
  readonly #ready: Deferred<void> = deferred();
  readonly #gone = deferred<SluiceError>();

  constructor(private readonly parts: LoginParts) {
    this.ready = this.#ready.promise;
    this.gone = this.#gone.promise;
    const { client } = parts;
    client.on('error', error => this.fail(error));
    client.once('ready', () => {
      this.#isReady = true;
      this.#ready.resolve();
    });
    client.once('close', () => {
      this.fail(new Error('it closed the connection'));
      this.#gone.resolve(this.#reason);
    });
  }

  /** Something went wrong; the first fault is the reason, others follow from it. */
  fail(error: RawSshError): void {
    const { authentication } = this.parts;
    if (isPassing(error)) {
      authentication.note(`${error.level === 'agent' ? 'the agent failed: ' : ''}${error.message}`);
      return;
    }
    if (this.#fault === null) {
      this.#fault = error;
      this.#ready.reject(this.#reason);
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
    // Only the login knows which keys were tried, and what could not be followed.
    const { code, details, cause } = error;
    const said = String(details.problem);
    const problem = code === 'authentication-refused' ? [said, authentication.problem] : [said];
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
