import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

import { BenchError } from './bench-error.ts';

const STDIN_GRACE_MS = 500;
const END_GRACE_MS = 10_000;
const KEPT_ERROR_LENGTH = 4000;

/** A child that is talked to in lines; its stderr is kept for the words of a failure. */
export class LineProcess {
  readonly exited: Promise<void>;
  #waiting: (() => void) | null = null;
  #isOver = false;
  #stderr = '';
  readonly #lines: string[] = [];

  readonly #name: string;
  readonly #child: ChildProcess;

  constructor(name: string, child: ChildProcess) {
    this.#name = name;
    this.#child = child;
    const { stdout, stderr, stdin } = child;
    if (stdout !== null) {
      createInterface({ input: stdout }).on('line', line => {
        this.#lines.push(line);
        this.#waiting?.();
      });
    }
    stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-KEPT_ERROR_LENGTH);
    });
    // A child that is gone is told by its end.
    stdin?.on('error', () => undefined);
    this.exited = new Promise(resolve => {
      // Whatever ends us, nothing of ours stays behind.
      const endWithUs = (): void => void child.kill();
      process.once('exit', endWithUs);
      const over = (): void => {
        process.off('exit', endWithUs);
        this.#isOver = true;
        this.#waiting?.();
        resolve();
      };
      child.once('close', over);
      child.once('error', error => {
        this.#stderr += error.message;
        over();
      });
    });
  }

  /** The process id; 0 when it could not be started. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Sends one line. */
  write(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** The next line; throws with the child's own words when it ends or is silent for too long. */
  async nextLine(timeoutMs: number): Promise<string> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const line = this.#lines.shift();
      if (line !== undefined) {
        return line;
      }
      const leftMs = deadline - performance.now();
      if (this.#isOver || leftMs <= 0) {
        const what = this.#isOver ? 'ended' : `said nothing for ${timeoutMs / 1000} s`;
        throw new BenchError(`${this.#name} ${what}.\n${this.#stderr.trim()}`);
      }
      await this.#news(leftMs);
    }
  }

  /** Closes its stdin, which ends most; then by signals. */
  async end(): Promise<void> {
    this.#child.stdin?.end();
    if (await this.#isGoneWithin(this.#child.stdin === null ? 0 : STDIN_GRACE_MS)) {
      return;
    }
    this.#child.kill('SIGTERM');
    if (!(await this.#isGoneWithin(END_GRACE_MS))) {
      this.#child.kill('SIGKILL');
      await this.exited;
    }
  }

  async #isGoneWithin(timeoutMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>(resolve => {
      timer = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([this.exited, late]);
    clearTimeout(timer);
    return this.#isOver;
  }

  async #news(timeoutMs: number): Promise<void> {
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#waiting = () => {
        clearTimeout(timer);
        this.#waiting = null;
        resolve();
      };
    });
    this.#waiting = null;
  }
}
