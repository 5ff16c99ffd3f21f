import { shQuote } from '../../shared/sh-quote';
import { readLines, sayLine } from '../schedulers/reply-lines';

/**
 * What is done beside looking. `look`: nothing. `fence`: a worker that has not begun never will. `end`: and
 * one that began is not started again after a requeue.
 */
export type FenceDepth = 'look' | 'fence' | 'end';

/** Who has the right to run a task: a worker of this job, nobody ever more, or somebody who cannot be read. */
export type ClaimOwner =
  { kind: 'free' } | { kind: 'fenced' } | { kind: 'job'; jobId: string } | { kind: 'unreadable' };

/** What a run's own files tell, at one moment. */
export type RunFacts = {
  owner: ClaimOwner;
  /** The stored id of the job. */
  jobId: string | null;
  /** Whole lines that the submit command printed. */
  printed: string[];
  /** A hand-over took the right to submit. */
  isBegun: boolean;
  /** When the submit command was about to be started, in seconds since the epoch there; null: it was not. */
  startedAt: number | null;
  /** How the submit command ended; null: that is not known. */
  status: number | null;
  /** What it complained of. */
  said: string;
  /** Seconds since the epoch there. */
  nowAt: number;
};

/** The facts of a run, or why there are none. */
export type FenceReply = RunFacts | { fault: string };

const SAID_LINES = 40;

const TELL = `sluice_tell() { ${sayLine('run', '"$sluice_number $*"')}; }

sluice_first() {
  sluice_line=
  if [ -f "$1" ]; then IFS= read -r sluice_line <"$1" || :; fi
  [ -n "$sluice_line" ]
}

sluice_each() {
  # A last line without its newline may be half of one.
  while IFS= read -r sluice_line; do sluice_tell "$2" "$sluice_line"; done <"$1"
}

sluice_facts() {
  if sluice_first claim/owner; then
    sluice_tell owner "$sluice_line"
  elif [ -d claim ]; then
    sluice_tell owner -
  fi
  if sluice_first job-id; then sluice_tell id "$sluice_line"; fi
  if [ -d submit ]; then sluice_tell begun; fi
  if sluice_first submit/began; then sluice_tell started "$sluice_line"; fi
  if [ -f submit/stdout ]; then sluice_each submit/stdout printed; fi
  if sluice_first submit/status; then
    sluice_tell status "$sluice_line"
    head -n ${SAID_LINES} submit/stderr | while IFS= read -r sluice_line; do sluice_tell said "$sluice_line"; done
  fi
  sluice_tell now "$sluice_now"
}`;

/** The folder appears with its owner in one rename, which fails where a worker's is there. */
const FENCE = `sluice_take() {
  [ ! -d claim ] || return 0
  sluice_aside=claim.fence.$sluice_host.$$
  mkdir -p "$sluice_aside" && printf '%s\\n' "$sluice_owner" >"$sluice_aside/owner" || return 1
  # Without -T, a folder that is there would take it in.
  mv -T "$sluice_aside" claim 2>/dev/null || [ -d claim ] || mv "$sluice_aside" claim
  rm -rf "$sluice_aside" "claim/$sluice_aside"
}

sluice_look() {
  sluice_number=$1
  if cd "$2" 2>/dev/null; then
    sluice_facts
  else
    sluice_tell now "$sluice_now"
  fi
}

sluice_fence() {
  sluice_number=$1
  if ! sluice_words=$(mkdir -p "$2" 2>&1 && cd "$2" && sluice_take 2>&1) || ! cd "$2"; then
    sluice_tell fault "$(printf %s "$sluice_words" | tr '\\n' ' ')"
  elif [ ! -d claim ]; then
    sluice_tell fault "$sluice_words"
  elif [ "$3" = end ] && ! : >claim/over; then
    sluice_tell fault 'it cannot be marked as ended'
  else
    sluice_facts
  fi
}

sluice_now=$(date +%s)
sluice_host=$(uname -n | tr -dc 'A-Za-z0-9.-')
sluice_owner='{"version":1,"jobId":"","attempt":0,"fenced":true,"host":"'$sluice_host'","at":'$sluice_now'}'
umask 077`;

/**
 * Text that tells what is known of each run from its own files, after it has been fenced where that is asked.
 * The fence holds against workers that start later, against stubs that have not yet submitted, and where
 * the run's folder is not there yet; it may be repeated.
 */
export function buildFence(directories: readonly string[], depth: FenceDepth): string {
  const call = (directory: string, index: number): string =>
    depth === 'look'
      ? `sluice_look ${index} ${shQuote(directory)}`
      : `sluice_fence ${index} ${shQuote(directory)} ${depth}`;
  return [TELL, FENCE, ...directories.map(call), 'cd /'].join('\n');
}

function readOwner(text: string | undefined): ClaimOwner {
  if (text === undefined) {
    return { kind: 'free' };
  }
  try {
    const owner = JSON.parse(text) as { fenced?: unknown; jobId?: unknown };
    if (owner.fenced === true) {
      return { kind: 'fenced' };
    }
    return typeof owner.jobId === 'string' && owner.jobId !== ''
      ? { kind: 'job', jobId: owner.jobId }
      : { kind: 'unreadable' };
  } catch {
    return { kind: 'unreadable' };
  }
}

type Told = ReadonlyMap<string, string[]>;

function readFacts(told: Told): FenceReply {
  const one = (word: string): string | undefined => told.get(word)?.[0];
  const number = (word: string): number | null => {
    const text = one(word)?.trim() ?? '';
    return /^\d{1,12}$/.test(text) ? Number(text) : null;
  };
  const nowAt = number('now');
  if (nowAt === null) {
    return { fault: one('fault')?.trim() || 'the host did not say what is there' };
  }
  return {
    owner: readOwner(one('owner')),
    jobId: one('id') ?? null,
    printed: told.get('printed') ?? [],
    isBegun: told.has('begun'),
    startedAt: number('started'),
    status: number('status'),
    said: (told.get('said') ?? []).join('\n').trim(),
    nowAt
  };
}

/** Read what `buildFence` made a host say, in the order of the directories. */
export function parseFence(stdout: string, count: number): FenceReply[] {
  const told = Array.from({ length: count }, () => new Map<string, string[]>());
  for (const line of readLines(stdout).get('run') ?? []) {
    const [, index = '', word = '', value = ''] = /^(\d+) ([a-z]+) ?(.*)$/s.exec(line) ?? [];
    const here = told[Number(index)];
    here?.set(word, [...(here.get(word) ?? []), value]);
  }
  return told.map(readFacts);
}
