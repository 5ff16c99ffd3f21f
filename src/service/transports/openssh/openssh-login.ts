import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { SluiceError } from '../../../shared/errors';
import { type Deferred, deferred } from '../deferred';
import type { ILoginAttempt } from '../login/login-prompter';
import { OpensshAskpass } from './openssh-askpass';
import { BOUND_SCRIPT } from './openssh-askpass-script';
import type { OpensshFolder } from './openssh-folder';
import type { OpensshLink } from './openssh-link';
import { OpensshQuestioner } from './openssh-questioner';
import { withRevokedLine } from './openssh-revoked-line';
import type { OpensshDestination, OpensshSettings } from './openssh-settings';
import {
  type OpensshContext,
  isPlain,
  opensshLoginError,
  opensshLossProblem
} from './openssh-words';
import { signalGroup } from '../process-group';

export type OpensshLoginParts = {
  args: readonly string[];
  folder: OpensshFolder;
  destination: OpensshDestination;
  settings: OpensshSettings;
  /** Says of a line where a fault really is. */
  inOriginal: (text: string) => string;
  attempt: ILoginAttempt;
  signal: AbortSignal;
  /** How long a host may say nothing while it logs in and nobody is asked. */
  silenceMs?: number;
};

// Some wait for a phone.
const SILENCE_MS = 180_000;
const END_GRACE_MS = 3000;
/** What is still to be read when the program has ended, although others hold its stderr. */
const LAST_WORDS_MS = 500;
const MAX_LINES = 500;

/** Follows one master of OpenSSH from its start to its end, and knows why it ended. */
export class OpensshLogin {
  readonly #child: ChildProcessByStdio<Writable, null, Readable>;
  readonly #askpass: OpensshAskpass;
  readonly #questioner: OpensshQuestioner;
  readonly #ready = deferred<OpensshLink>();
  readonly #gone = deferred<SluiceError>();
  #lines: string[] = [];
  #isReady = false;
  #fault: unknown = null;
  #silence: NodeJS.Timeout | undefined;

  constructor(private readonly parts: OpensshLoginParts) {
    const { args, folder, destination, settings, attempt, signal } = parts;
    this.#questioner = new OpensshQuestioner(destination.host, settings, attempt);
    this.#askpass = new OpensshAskpass(folder, {
      answer: (call, gone) => this.#questioner.ask(call, gone),
      // Before askpass ends: without an answer, OpenSSH would send an empty one.
      onFault: error => this.#fail(error)
    });
    // A group of its own, without a terminal to ask on.
    this.#child = spawn('/bin/sh', ['-c', BOUND_SCRIPT, 'ssh', folder.path, 'ssh', ...args], {
      env: { DISPLAY: 'none', ...destination.env, ...this.#askpass.env },
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe']
    });
    // It may be gone when it is told of the end.
    this.#child.stdin.on('error', () => undefined);
    this.#follow();
    const onAbort = (): void => this.#fail(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    void this.#gone.promise.then(() => signal.removeEventListener('abort', onAbort));
  }

  /** Resolves with the connection once it is logged in. */
  link(): Promise<OpensshLink> {
    return this.#ready.promise;
  }

  #follow(): void {
    const child = this.#child;
    const read: Deferred<void> = deferred();
    createInterface({ input: child.stderr })
      .on('line', line => this.#take(line))
      .once('close', () => read.resolve());
    child.once('error', error => this.#fail(error));
    child.once('close', () => this.#askpass.dispose());
    child.once('exit', status => {
      child.stdin.end('ended\n');
      const late = setTimeout(() => read.resolve(), LAST_WORDS_MS);
      void read.promise.then(() => {
        clearTimeout(late);
        this.#ended(status);
      });
    });
    this.#waitForWords();
  }

  #take(line: string): void {
    this.#waitForWords();
    if (this.#askpass.take(line)) {
      return;
    }
    this.#lines = [...this.#lines.slice(1 - MAX_LINES), line];
    if (this.#isReady) {
      return;
    }
    this.#questioner.hear(line);
    // A jump host says so too, so the socket has to be there.
    if (line.includes('Entering interactive session') && existsSync(this.parts.folder.socket)) {
      this.#becomeReady();
    }
  }

  #becomeReady(): void {
    this.#isReady = true;
    this.#lines = [];
    clearTimeout(this.#silence);
    this.#askpass.close();
    const { socket } = this.parts.folder;
    const end = (): void => this.#end();
    this.#ready.resolve({ socket, isPersons: false, gone: this.#gone.promise, end });
  }

  #waitForWords(): void {
    clearTimeout(this.#silence);
    if (this.#isReady) {
      return;
    }
    this.#silence = setTimeout(() => {
      if (this.#askpass.isAsking) {
        this.#waitForWords();
        return;
      }
      const { target, host } = this.parts.destination;
      const problem = 'it did not finish the login in time';
      this.#fail(new SluiceError('host-unreachable', { target, host, problem }));
    }, this.parts.silenceMs ?? SILENCE_MS).unref();
  }

  #fail(error: unknown): void {
    this.#fault ??= error;
    this.#end();
  }

  #end(): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined) {
      this.#ended(null);
      return;
    }
    if (exitCode !== null || signalCode !== null) {
      return;
    }
    // A login leaves nothing behind; a master has its socket to remove.
    signalGroup(pid, this.#isReady ? 'SIGTERM' : 'SIGKILL');
    const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), END_GRACE_MS);
    this.#child.once('exit', () => clearTimeout(timer));
  }

  #ended(status: number | null): void {
    clearTimeout(this.#silence);
    this.#askpass.close();
    void this.#settle(status);
  }

  async #settle(status: number | null): Promise<void> {
    // What cannot be removed is empty of secrets, and the reason of the end says more.
    await this.parts.folder.remove().catch(() => undefined);
    if (!this.#isReady) {
      const { destination, settings } = this.parts;
      const error = this.#refusal(status);
      this.#ready.reject(await withRevokedLine(error, settings.knownHostsFiles, destination.env));
    }
    this.#gone.resolve(this.#loss());
  }

  #loss(): SluiceError {
    const { host } = this.parts.destination;
    const problem =
      this.#fault === null ? opensshLossProblem(this.#lines) : 'it was closed from here';
    const cause = new Error(this.#lines.filter(isPlain).slice(-12).join('\n'));
    return new SluiceError('connection-lost', { host, problem }, { cause });
  }

  #refusal(status: number | null): unknown {
    const { destination, settings, inOriginal } = this.parts;
    const context: OpensshContext = {
      target: destination.target,
      host: destination.host,
      user: settings.user,
      configPath: destination.sshConfig ?? '~/.ssh/config',
      knownHosts: settings.knownHosts,
      aliases: settings.aliases
    };
    return this.#fault ?? opensshLoginError(this.#lines.map(inOriginal), context, status);
  }
}
