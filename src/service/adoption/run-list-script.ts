import { shPath } from '../../shared/sh-quote';
import { readLines, sayEachLine, sayLine } from '../schedulers/reply-lines';

/** A run's folder has the name of its task; anything else below `runs/` is none of ours. */
export const RUN_NAME = /^sl-[a-z0-9]{1,40}$/;

/** What lies in the folder of a run, as text that nobody has judged yet. */
export type RunFolder = {
  id: string;
  /** `run.json`; null: it was submitted by a version that wrote none. */
  note: string | null;
  /** `spec.json`. */
  spec: string | null;
  jobId: string | null;
  /** `claim/owner`. */
  owner: string | null;
  /** `end.json` of the newest attempt that has one. */
  end: string | null;
};

/** Text that names the runs below a root; it only reads. */
export function buildRunNames(root: string): string {
  return [
    `cd ${shPath(root)} 2>/dev/null || exit 0`,
    sayLine('root', '"$(pwd)"'),
    '[ -d runs ] || exit 0',
    `ls runs | ${sayEachLine('run')}`
  ].join('\n');
}

/** The root made absolute, and the runs below it; an empty root: there is none yet. */
export function parseRunNames(stdout: string): { root: string; names: string[] } {
  const lines = readLines(stdout);
  const names = (lines.get('run') ?? []).map(name => name.trim());
  return { root: lines.get('root')?.[0] ?? '', names: names.filter(name => RUN_NAME.test(name)) };
}

function tellFile(id: string, kind: string, file: string): string {
  return `[ ! -f ${file} ] || ${sayEachLine(`${kind}-${id}`)} <${file}`;
}

function tellRun(id: string): string {
  return [
    `if cd ${id} 2>/dev/null; then`,
    tellFile(id, 'note', 'run.json'),
    tellFile(id, 'spec', 'spec.json'),
    tellFile(id, 'job', 'job-id'),
    tellFile(id, 'owner', 'claim/owner'),
    `sluice_end=$(ls -d attempts/*/end.json 2>/dev/null | sort -t/ -k2,2n | tail -n 1)`,
    `[ -z "$sluice_end" ] || ${sayEachLine(`end-${id}`)} <"$sluice_end"`,
    'cd ..',
    'fi'
  ].join('\n');
}

/** Text that tells what the folders of some runs hold. The names are those of {@link RUN_NAME}. */
export function buildRunFolders(root: string, ids: readonly string[]): string {
  return [`cd ${shPath(`${root}/runs`)} 2>/dev/null || exit 0`, ...ids.map(tellRun), 'true'].join(
    '\n'
  );
}

/** Read the answer to {@link buildRunFolders}. */
export function parseRunFolders(stdout: string, ids: readonly string[]): RunFolder[] {
  const lines = readLines(stdout);
  const first = (kind: string, id: string): string | null =>
    lines.get(`${kind}-${id}`)?.[0] ?? null;
  return ids.map(id => ({
    id,
    note: first('note', id),
    spec: first('spec', id),
    jobId: first('job', id)?.trim() ?? null,
    owner: first('owner', id),
    end: first('end', id)
  }));
}
