import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { SluiceError } from '../shared/errors';
import type { Connection } from '../shared/wire/connection';
import type { ITransport, RunOptions, RunResult } from '../service/transports/transport';
import { POINT } from './fake-slurm';

/** What happens when a script comes to its point. */
export type FaultAct =
  'cut' | 'freeze' | 'kill -9 of the stub' | 'kill -9 of the service' | 'kill -9 of both';

export type Fault = { point: string; act: FaultAct };

/** Where points lie in the text of a hand-over: the text before which one is put. */
const ANCHORS: readonly (readonly [point: string, before: string])[] = [
  ['arrived', 'if ! sluice_words=$({ mkdir -p'],
  ['files', "trap '' HUP PIPE"],
  ['locked', '  sluice_begin || return 0'],
  ['noted', '  if [ -d claim ]; then\n    rm -f submit/began'],
  ['unfenced', '  (umask "$sluice_umask"; if [ -n'],
  ['ended', '  if sluice_find_id; then\n    if [ -f claim/owner ]'],
  ['aside', 'mv -f "job-id.$$" job-id'],
  ['stored', '    printf \'sluice:job %s\\n\' "$sluice_id"\n    return']
];

/** Put a line of shell at a named point of a hand-over. */
export function insertAt(script: string, point: string, line: string): string {
  const [, anchor] = ANCHORS.find(([name]) => name === point) ?? [];
  if (anchor === undefined || !script.includes(anchor)) {
    throw new Error(`the hand-over has no place for the point “${point}”`);
  }
  const join = point === 'aside' ? ' && ' : '\n';
  return script.replace(anchor, () => `${line}${join}${anchor}`);
}

function withPoints(script: string): string {
  let text = script;
  for (const [point] of ANCHORS) {
    text = insertAt(text, point, `sluice_point ${point}`);
  }
  return `${POINT}\n${text}`;
}

export type FaultyHostOptions = {
  environment: () => NodeJS.ProcessEnv;
  /** Of the first hand-over. */
  fault: Fault | null;
  /** The service is to be gone at once. */
  killed: () => void;
};

/** This machine's shell as a far host, whose first hand-over meets a fault at a named point. */
export class FaultyHost {
  /** Scripts whose answer a service still waits for. */
  inFlight = 0;
  /** The point was come to. */
  hasStruck = false;
  private fault: Fault | null;
  private frozen: Writable | null = null;
  private readonly ends: Promise<void>[] = [];

  constructor(private readonly options: FaultyHostOptions) {
    this.fault = options.fault;
  }

  /** A connection of one service; after `kill` nothing of it comes back. */
  connect(): { transport: ITransport; kill: () => void } {
    let isDead = false;
    const hasDied = (): boolean => isDead;
    const connection: Connection = {
      state: 'connected',
      via: 'ssh2',
      words: null,
      since: null,
      notBefore: null
    };
    const run = async (script: string, options: RunOptions): Promise<RunResult> => {
      if (hasDied()) {
        return new Promise(() => undefined);
      }
      this.inFlight += 1;
      const end = (): void => {
        this.inFlight -= hasDied() ? 0 : 1;
      };
      try {
        const result = await this.run(script, options);
        return hasDied() ? await new Promise<never>(() => undefined) : result;
      } catch (error) {
        if (hasDied()) {
          await new Promise(() => undefined);
        }
        throw error;
      } finally {
        end();
      }
    };
    const transport = {
      host: 'far',
      sessionLimit: 10,
      connection,
      onConnection: () => () => undefined,
      run
    } as unknown as ITransport;
    const kill = (): void => {
      isDead = true;
      this.inFlight = 0;
    };
    return { transport, kill };
  }

  /** What stood still goes on. */
  thaw(): void {
    this.frozen?.end('\n');
    this.frozen = null;
  }

  /** Resolves when no script runs any more. */
  async settled(): Promise<void> {
    await Promise.all(this.ends);
  }

  private run(script: string, { action }: RunOptions): Promise<RunResult> {
    const fault = action === 'submit the job' ? this.fault : null;
    if (fault === null) {
      return this.spawn(script, '').result;
    }
    this.fault = null;
    const lost = new SluiceError('connection-lost', { host: 'far', problem: 'it was cut' });
    if (fault.point === 'unsent') {
      this.hasStruck = true;
      return this.strike(null, fault.act, lost);
    }
    const { child, result } = this.spawn(withPoints(script), fault.point);
    if (fault.point === 'answered') {
      return result.then(() => {
        this.hasStruck = true;
        return this.strike(null, fault.act, lost);
      });
    }
    const struck = new Promise<RunResult>((resolve, reject) => {
      (child.stdio[3] as Readable).once('data', () => {
        this.hasStruck = true;
        this.strike(child, fault.act, lost).then(resolve, reject);
      });
    });
    return Promise.race([struck, result]);
  }

  private strike(child: ChildProcess | null, act: FaultAct, lost: SluiceError): Promise<RunResult> {
    const gate = child === null ? null : (child.stdio[4] as Writable);
    if (act === 'kill -9 of the stub' || act === 'kill -9 of both') {
      if (child?.pid !== undefined) {
        process.kill(-child.pid, 'SIGKILL');
      }
    } else if (act === 'freeze') {
      this.frozen = gate;
      const details = { host: 'far', action: 'submit the job', seconds: 240 };
      return Promise.reject(new SluiceError('remote-timeout', details));
    } else {
      gate?.end('\n');
    }
    if (act === 'kill -9 of the service' || act === 'kill -9 of both') {
      this.options.killed();
      return new Promise(() => undefined);
    }
    return Promise.reject(lost);
  }

  private spawn(
    script: string,
    point: string
  ): { child: ChildProcess; result: Promise<RunResult> } {
    const env = { ...this.options.environment(), FAKE_POINT: point };
    const stdio = ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'] as const;
    const child = spawn('/bin/sh', [], { env, stdio: [...stdio], detached: true });
    const out: Buffer[] = [];
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const quiet = (stream: unknown): void => {
      // A script that was killed reads nothing more.
      (stream as Writable).on('error', () => undefined);
    };
    quiet(child.stdin);
    quiet(child.stdio[4]);
    (child.stdio[3] as Readable).resume();
    const result = new Promise<RunResult>(resolve => {
      child.once('close', code => {
        resolve({ status: code ?? 255, stdout: Buffer.concat(out), stderr });
      });
    });
    this.ends.push(result.then(() => undefined));
    child.stdin.end(script);
    return { child, result };
  }
}
