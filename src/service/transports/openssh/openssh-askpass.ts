import { randomBytes } from 'node:crypto';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '../../../shared/errors';
import type { OpensshFolder } from './openssh-folder';
import type { AskpassCall } from './openssh-prompt';

/** Answers the calls of askpass. */
export type AskpassAnswerer = {
  /** One line; the signal is aborted when nobody waits for it any more. */
  answer(call: AskpassCall, signal: AbortSignal): Promise<string>;
  /** There is no answer, and OpenSSH is about to be told so. */
  onFault(error: unknown): void;
};

/** The service's end of the askpass script, for one login. */
export class OpensshAskpass {
  readonly #secret = randomBytes(16).toString('hex');
  /** FIFOs, open for both ends: else opening would wait for the script, and closing would answer it. */
  readonly #fifos = new Map<string, number>();
  readonly #asking = new Map<string, AbortController>();
  #isClosed = false;

  constructor(
    private readonly folder: OpensshFolder,
    private readonly answerer: AskpassAnswerer
  ) {}

  /** What OpenSSH needs to call the script. */
  get env(): NodeJS.ProcessEnv {
    return {
      SSH_ASKPASS: this.folder.askpass,
      SSH_ASKPASS_REQUIRE: 'force',
      SLUICE_ASKPASS: this.folder.path,
      SLUICE_ASKPASS_SECRET: this.#secret
    };
  }

  /** Whether a question is open. */
  get isAsking(): boolean {
    return this.#asking.size > 0;
  }

  /** Look at a line of stderr; true when the script wrote it. */
  take(line: string): boolean {
    const [secret, verb, id = ''] = line.split(' ');
    if (secret !== this.#secret || !/^\d+$/.test(id)) {
      return false;
    }
    if (verb === 'ask') {
      void this.#serve(id);
      return true;
    }
    this.#asking.get(id)?.abort(new Error('OpenSSH does not ask any more'));
    this.#letGo(id);
    return true;
  }

  /** The login is over: whoever asks still is sent away. */
  close(): void {
    this.#isClosed = true;
    this.#asking.forEach(controller => controller.abort(new Error('the login is over')));
  }

  /** Nothing of the login runs any more. */
  dispose(): void {
    this.close();
    [...this.#fifos.keys()].forEach(id => this.#letGo(id));
  }

  async #serve(id: string): Promise<void> {
    const controller = new AbortController();
    this.#asking.set(id, controller);
    try {
      const path = join(this.folder.path, `answer.${id}`);
      this.#fifos.set(id, openSync(path, constants.O_RDWR | constants.O_NONBLOCK));
      const call = await this.#read(id);
      this.#tell(id, this.#isClosed ? '-' : await this.#answerTo(call, controller.signal));
    } catch (error) {
      if (!controller.signal.aborted) {
        this.answerer.onFault(error);
      }
      this.#tell(id, '-');
    } finally {
      this.#asking.delete(id);
    }
  }

  async #answerTo(call: AskpassCall, signal: AbortSignal): Promise<string> {
    const answer = await this.answerer.answer(call, signal);
    if (/[\n\r\0]/.test(answer)) {
      throw new SluiceError('request-invalid', { problem: 'an answer to a login is one line' });
    }
    return `+${answer}`;
  }

  #tell(id: string, word: string): void {
    const fifo = this.#fifos.get(id);
    if (fifo !== undefined) {
      writeSync(fifo, `${word}\n`);
    }
  }

  async #read(id: string): Promise<AskpassCall> {
    const path = join(this.folder.path, `ask.${id}`);
    const text = await readFile(path, 'utf8');
    await rm(path);
    const end = text.indexOf('\n');
    return { hint: text.slice(0, end), text: text.slice(end + 1) };
  }

  #letGo(id: string): void {
    const fifo = this.#fifos.get(id);
    if (fifo !== undefined) {
      this.#fifos.delete(id);
      closeSync(fifo);
    }
  }
}
