import { join } from 'node:path';
import type { HomeVariable } from '../../shared/wire/task';
import type { Place, TaskRecord } from '../store/task-record';
import { bringResults, type BroughtFile } from './bring-results';
import { runDirectory } from './build-job';
import type { Hosts } from './hosts';
import { HOME_BYTES, type JudgedResult, judgeResults, type ResultFile } from './result-rules';

/** Where a task's newest attempt has its values. */
export function resultsFolder(place: Place, { id, attempt }: TaskRecord): string {
  return `${runDirectory(place, id)}/attempts/${attempt}/results`;
}

/** Brings result values home, each whole and checked, or not at all and in words why. */
export class ResultFetcher {
  constructor(
    private readonly hosts: Hosts,
    private readonly resultsDir: string
  ) {}

  /**
   * Fetch what a task's worker offered, as far as the target is trusted.
   *
   * Errors: those of the transport, and the signal's reason.
   */
  async fetch(record: TaskRecord, place: Place, signal: AbortSignal): Promise<HomeVariable[]> {
    const { id: task, target } = record;
    const trust = place.trust ?? 'none';
    const judged = judgeResults(record.results, { task, target, trust, limitBytes: HOME_BYTES });
    const brought = await this.bring(
      record,
      place,
      judged.flatMap(({ files }) => files),
      signal
    );
    return judged.map(each => homeVariable(each, brought));
  }

  /** Bring some files of a task's results; of each, where it is now or why it is not here. */
  async bring(
    record: TaskRecord,
    place: Place,
    files: readonly ResultFile[],
    signal: AbortSignal,
    progress?: (bytes: number) => void
  ): Promise<Map<string, BroughtFile>> {
    if (files.length === 0) {
      return new Map();
    }
    return bringResults(files, {
      transport: this.hosts.transport(place),
      folder: resultsFolder(place, record),
      home: join(this.resultsDir, record.id),
      signal,
      progress
    });
  }
}

/** A variable with the files that came, or with the reason why it is not here. */
export function homeVariable(
  { variable, files }: JudgedResult,
  brought: ReadonlyMap<string, BroughtFile>
): HomeVariable {
  const here: HomeVariable['files'] = [];
  for (const { role, sha256 } of files) {
    const file = brought.get(sha256) ?? { problem: 'it did not come', isLocal: false };
    if ('problem' in file) {
      return file.isLocal ? waitsThere(variable, file.problem) : gone(variable, file.problem);
    }
    here.push({ role, path: file.path });
  }
  return { ...variable, files: here };
}

/** Whole there, and no room here: it comes once there is. */
function waitsThere(variable: HomeVariable, problem: string): HomeVariable {
  const reason = `${problem}; make room, then \`${variable.name}.fetch()\` brings it`;
  return { ...variable, files: [], reason, kept: 'large' };
}

function gone({ from: _from, ...variable }: HomeVariable, problem: string): HomeVariable {
  return { ...variable, kept: null, files: [], reason: problem };
}
