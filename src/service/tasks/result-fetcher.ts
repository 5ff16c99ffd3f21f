import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '../../shared/errors';
import { shQuote } from '../../shared/sh-quote';
import type { ResultVariable } from '../../shared/wire/events';
import type { HomeVariable } from '../../shared/wire/task';
import type { Place, TaskRecord } from '../store/task-record';
import type { Hosts } from './hosts';

type ResultFile = ResultVariable['files'][number];

const TIMEOUT_MS = 300_000;
const SAFE_NAME = /^[\w.-]+$/;

function checkName(file: ResultFile, host: string): void {
  if (!SAFE_NAME.test(file.path) || /^\.+$/.test(file.path)) {
    throw new SluiceError('download-failed', {
      path: file.path,
      host,
      problem: 'not a name of ours'
    });
  }
}

/** Cut what `cat` of several files gave into the files, each checked against its size and hash. */
function cut(bytes: Buffer, files: readonly ResultFile[], host: string): Buffer[] {
  let at = 0;
  return files.map(file => {
    const piece = bytes.subarray(at, (at += file.bytes));
    const sha256 = createHash('sha256').update(piece).digest('hex');
    if (piece.length !== file.bytes || sha256 !== file.sha256) {
      const problem = 'it is not what the worker wrote; the disk there may be full';
      throw new SluiceError('download-failed', { path: file.path, host, problem });
    }
    return piece;
  });
}

/** Brings result values home, whole and checked, or not at all. */
export class ResultFetcher {
  constructor(
    private readonly hosts: Hosts,
    private readonly resultsDir: string
  ) {}

  /**
   * Fetch what a task's worker offered.
   *
   * Errors: `download-failed`, and those of the transport.
   */
  async fetch(record: TaskRecord, place: Place): Promise<HomeVariable[]> {
    const wanted = record.results.filter(result => result.reason === null);
    // Variables that share objects share files.
    const files = [...new Map(wanted.flatMap(({ files }) => files).map(f => [f.path, f])).values()];
    const paths = await this.bring(record, place, files);
    return record.results.map(({ name, type, bytes, format, files: own, reason }) => ({
      name,
      type,
      bytes,
      format,
      files:
        reason === null ? own.map(({ role, path }) => ({ role, path: paths.get(path) ?? '' })) : [],
      reason
    }));
  }

  private async bring(
    record: TaskRecord,
    place: Place,
    files: ResultFile[]
  ): Promise<Map<string, string>> {
    const paths = new Map<string, string>();
    if (files.length === 0) {
      return paths;
    }
    const transport = this.hosts.transport(place);
    files.forEach(file => checkName(file, transport.host));
    const results = `${place.root}/runs/${record.id}/attempts/${record.attempt}/results`;
    const names = files.map(file => shQuote(file.path)).join(' ');
    const script = `cd ${shQuote(results)} && cat -- ${names}`;
    const action = 'fetch the results';
    const { status, stdout, stderr } = await transport.run(script, {
      action,
      timeoutMs: TIMEOUT_MS
    });
    if (status !== 0) {
      throw new SluiceError('download-failed', {
        path: results,
        host: transport.host,
        problem: stderr
      });
    }
    const home = join(this.resultsDir, record.id);
    await mkdir(home, { recursive: true, mode: 0o700 });
    const pieces = cut(stdout, files, transport.host);
    for (const [i, file] of files.entries()) {
      const path = join(home, file.path);
      await writeFile(`${path}.new`, pieces[i] ?? Buffer.alloc(0), { mode: 0o600, flush: true });
      await rename(`${path}.new`, path);
      paths.set(file.path, path);
    }
    return paths;
  }
}
