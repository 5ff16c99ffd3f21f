import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { BenchError } from '../bench-error.ts';
import { LineProcess } from '../line-process.ts';
import { nowMs } from '../measure/now-ms.ts';
import { readStamp, stampLine, type BenchCluster } from './bench-cluster.ts';
import type { KeptSsh } from './kept-ssh.ts';
import { HELLO_PROGRAM } from './start-alone.ts';

const OUTPUT_TIMEOUT_MS = 60_000;

/** What one job took by hand. */
export type BareRun = { toOutputMs: number; startToOutputMs: number };

/** What a person does without Sluice: a job script, `sbatch`, and `tail -f` on its output. */
export class BareSbatch {
  readonly #cluster: BenchCluster;
  readonly #ssh: KeptSsh;
  readonly #dir: string;

  private constructor(cluster: BenchCluster, ssh: KeptSsh, dir: string) {
    this.#cluster = cluster;
    this.#ssh = ssh;
    this.#dir = dir;
  }

  static async prepare(cluster: BenchCluster, ssh: KeptSsh): Promise<BareSbatch> {
    const dir = join(cluster.dir, 'bare');
    await mkdir(dir, { recursive: true });
    const program = `exec '${cluster.python}' -u -c '${HELLO_PROGRAM}'`;
    const script = `#!/bin/sh\n${stampLine(cluster.stampDir)}\n${program}\n`;
    await writeFile(join(dir, 'job.sh'), script);
    return new BareSbatch(cluster, ssh, dir);
  }

  /** Submits the job of a round and waits for its line; `name` is a file's. */
  async run(name: string): Promise<BareRun> {
    const output = join(this.#dir, name);
    const startMs = nowMs();
    const tail = new LineProcess('sbatch over ssh', this.#ssh.spawn(this.#command(output)));
    try {
      const jobId = await tail.nextLine(OUTPUT_TIMEOUT_MS);
      const line = await tail.nextLine(OUTPUT_TIMEOUT_MS);
      const seenMs = nowMs();
      if (line !== 'HELLO') {
        throw new BenchError(`The job by hand printed "${line}" instead of HELLO.`);
      }
      const startedMs = await readStamp(this.#cluster.stampDir, jobId);
      return { toOutputMs: seenMs - startMs, startToOutputMs: seenMs - startedMs };
    } finally {
      await tail.end();
    }
  }

  /** `tail` must not outlive the session: the end of our stdin ends it. */
  #command(output: string): string {
    const { environment } = this.#cluster;
    return [
      `export SLURM_CONF='${environment['SLURM_CONF'] ?? ''}'`,
      `: >'${output}'`,
      `sbatch --parsable --open-mode=append -D '${this.#dir}' -o '${output}' '${this.#dir}/job.sh'`,
      `tail -n +1 -f '${output}' & read -r end; kill $!`
    ].join('; ');
  }
}
