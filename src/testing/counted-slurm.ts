import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { SluiceError } from '../shared/errors';
import type { Connection } from '../shared/wire/connection';
import type { IClock } from '../service/tasks/clock';
import type {
  IRemoteStream,
  ITransport,
  RunOptions,
  RunResult
} from '../service/transports/transport';

/** A bucket of tokens, as sites put before their commands: one call takes one, and they come back slowly. */
export type Bucket = { tokens: number; perMinute: number; refuses: boolean };

const SHIM = `#!/bin/sh
name=\${0##*/}
echo "$name" >>"$SLUICE_FAKE/calls"
if [ -e "$SLUICE_FAKE/empty" ]; then
  echo "$name: error: Too many requests, try again later" >&2
  exit 1
fi
case $name in
  squeue) cat "$SLUICE_FAKE/queue" ;;
  sbatch) expr "$(wc -l <"$SLUICE_FAKE/calls")" + 1000000 ;;
esac
`;

/**
 * A cluster whose Slurm commands are shims that count: the scripts of the service run for real, in
 * `/bin/sh`, and the time that a limiter lets them wait is that of a clock which a test moves.
 */
export class CountedSlurm implements ITransport {
  readonly host = 'cluster';
  readonly sessionLimit = 8;
  readonly connection: Connection = {
    state: 'connected',
    via: 'local',
    words: null,
    since: 0,
    notBefore: null
  };
  /** When which command was called. */
  readonly calls: { name: string; atMs: number }[] = [];
  /** How many real processes run now: a test lets no time go by meanwhile. */
  running = 0;
  private readonly folder = mkdtempSync(join(tmpdir(), 'sluice-slurm-'));
  private tokens: number;
  private filledAtMs = 0;

  constructor(
    private readonly clock: IClock,
    private readonly bucket: Bucket | null = null
  ) {
    this.tokens = bucket?.tokens ?? 0;
    for (const name of ['squeue', 'sacct', 'sbatch', 'scontrol', 'scancel', 'sinfo']) {
      writeFileSync(join(this.folder, name), SHIM);
      chmodSync(join(this.folder, name), 0o700);
    }
    mkdirSync(join(this.folder, 'root'));
    writeFileSync(join(this.folder, 'calls'), '');
    this.setQueue([]);
  }

  get root(): string {
    return join(this.folder, 'root');
  }

  /** What squeue prints. */
  setQueue(rows: readonly string[]): void {
    writeFileSync(join(this.folder, 'queue'), rows.map(row => `${row}\n`).join(''));
  }

  async run(script: string, { timeoutMs, action }: RunOptions): Promise<RunResult> {
    const beganAtMs = this.clock.elapsedMs();
    this.refill();
    const isEmpty = this.bucket?.refuses === true && this.tokens < 1;
    const result = await this.real(script, isEmpty);
    const called = this.readCalls();
    this.calls.push(...called.map(name => ({ name, atMs: beganAtMs })));
    const waitMs = this.take(called.length);
    await this.clock.delay(Math.min(waitMs, timeoutMs));
    if (waitMs > timeoutMs) {
      throw new SluiceError('remote-timeout', {
        action,
        host: this.host,
        seconds: timeoutMs / 1000
      });
    }
    return result;
  }

  close(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true });
    return Promise.resolve();
  }

  onConnection(): () => void {
    return () => undefined;
  }

  connect(): Promise<void> {
    return Promise.resolve();
  }

  /** Workers say nothing here: what they would say is put into the store. */
  stream(): Promise<IRemoteStream> {
    return new Promise(() => undefined);
  }

  read(): Promise<Buffer> {
    throw new Error('nothing is read here');
  }

  write(): Promise<void> {
    throw new Error('nothing is written here');
  }

  forward(): Promise<never> {
    throw new Error('nothing is forwarded here');
  }

  private async real(script: string, isEmpty: boolean): Promise<RunResult> {
    const marker = join(this.folder, 'empty');
    rmSync(marker, { force: true });
    if (isEmpty) {
      writeFileSync(marker, '');
    }
    const path = `${this.folder}:${process.env['PATH'] ?? ''}`;
    this.running += 1;
    const child = spawn('/bin/sh', [], { env: { PATH: path, SLUICE_FAKE: this.folder } });
    child.stdin.end(script);
    const ended = new Promise<number>(resolve => {
      child.once('close', status => {
        resolve(status ?? 1);
      });
    });
    const [stdout, stderr, status] = await Promise.all([
      buffer(child.stdout),
      text(child.stderr),
      ended
    ]);
    this.running -= 1;
    return { stdout, stderr, status };
  }

  private readCalls(): string[] {
    const path = join(this.folder, 'calls');
    const names = readFileSync(path, 'utf8').split('\n').filter(Boolean);
    writeFileSync(path, '');
    return names;
  }

  private refill(): void {
    if (this.bucket !== null) {
      const minutes = (this.clock.elapsedMs() - this.filledAtMs) / 60_000;
      const { tokens, perMinute } = this.bucket;
      this.tokens = Math.min(tokens, this.tokens + minutes * perMinute);
      this.filledAtMs = this.clock.elapsedMs();
    }
  }

  /** Take tokens; how long the calls wait for those that were not there. */
  private take(count: number): number {
    if (this.bucket === null || (this.bucket.refuses && this.tokens < 1)) {
      return 0;
    }
    this.tokens -= count;
    return this.tokens >= 0 ? 0 : (-this.tokens / this.bucket.perMinute) * 60_000;
  }
}
