import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { PlanInput } from '../../shared/wire/submit';
import { venvPython } from '../service-stand';
import type { Build } from './lay-out-case';

const checkout = resolve(__dirname, '../../..');
const program = 'sluice.tests.corpus_kernel';
const DEADLINE_MS = 60_000;

export type KernelStart = {
  folder: string;
  site: string;
  builds: readonly Build[];
  before: readonly string[];
};

/** What a front end gets before it asks a kernel. */
export type CaptureKit = {
  snippet: string;
  spool: string;
  noncePath: string;
  maxVariableBytes: number;
};

/** The body of a plan request, or why the magic sent none. */
export type Asked =
  | { request: PlanInput; refused: null }
  | { request: null; refused: { code: string; words: string } };

/** One kernel: its namespace lives as long as the connection. */
export class Kernel {
  private readonly lines: AsyncIterator<string>;
  private pid: number | null = null;

  constructor(private readonly socket: Socket) {
    this.lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  }

  /** Run what came before; rejects with the words of what was raised. */
  async start(start: KernelStart): Promise<void> {
    const answer = await this.ask<{ pid: number; fault: string | null }>('start', start);
    this.pid = answer.pid;
    if (answer.fault !== null) {
      throw new Error(`a cell that comes before failed: ${answer.fault}`);
    }
  }

  /** What `%%slurm --dry-run OPTIONS` sends for a cell. */
  async request(cell: string, options: string, kit: CaptureKit): Promise<Asked> {
    return this.ask<Asked>('request', { cell, options, kit });
  }

  /** Run the cell here; all that it showed. */
  async run(cell: string): Promise<string> {
    return (await this.ask<{ text: string }>('run', { cell })).text;
  }

  end(): void {
    this.socket.destroy();
  }

  private async ask<Answer>(what: string, parts: object): Promise<Answer> {
    this.socket.write(`${JSON.stringify({ do: what, ...parts })}\n`);
    const timer = setTimeout(() => {
      this.giveUp();
    }, DEADLINE_MS);
    try {
      const { value, done } = (await this.lines.next()) as IteratorResult<string, undefined>;
      if (done === true) {
        throw new Error(`the kernel went while it was asked to ${what}`);
      }
      const said = JSON.parse(value) as { answer?: Answer; failed?: string };
      if (said.answer === undefined) {
        throw new Error(`the kernel failed to ${what}: ${said.failed ?? ''}`);
      }
      return said.answer;
    } finally {
      clearTimeout(timer);
    }
  }

  private giveUp(): void {
    if (this.pid !== null) {
      process.kill(this.pid, 'SIGKILL');
    }
    this.socket.destroy();
  }
}

/** A Python process that gives kernels; each is a process of its own. */
export class KernelHouse {
  private constructor(
    private readonly child: ChildProcess,
    private readonly address: string
  ) {}

  static async open(folder: string): Promise<KernelHouse> {
    const address = join(folder, 'kernels');
    const child = spawn(venvPython, ['-m', program, address], {
      cwd: checkout,
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        IPYTHONDIR: join(folder, 'ipython'),
        MPLCONFIGDIR: join(folder, 'matplotlib'),
        // Threads do not live through a fork.
        OPENBLAS_NUM_THREADS: '1',
        LANG: 'C.UTF-8'
      }
    });
    const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    if ((await said.next()).value !== 'ready') {
      throw new Error('no kernels for the corpus: see the words above');
    }
    return new KernelHouse(child, address);
  }

  async kernel(): Promise<Kernel> {
    const socket = createConnection(this.address);
    await once(socket, 'connect');
    return new Kernel(socket);
  }

  async close(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.stdin?.end();
    await gone;
  }
}
