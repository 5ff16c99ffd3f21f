import { shPath } from '../../shared/sh-quote';

/** One thing below a root that the cleaner may take: a run, a snapshot, a value, a worker, a leftover. */
export type InventoryItem = {
  /** Such as `snapshots/…`. */
  place: string;
  bytes: number;
  /** Seconds since the epoch on the host; of a run, that of the last sign of life in it. */
  changedAt: number;
};

export type Inventory = {
  /** The root made absolute; empty: there is none yet. */
  root: string;
  /** The host's own clock, since ours may differ. */
  now: number;
  items: InventoryItem[];
  /** Runs without an end record: they wait, run, or died. */
  open: Set<string>;
  /** What the open runs name: `blobs/…`, `snapshots/…`, `worker/…`, `runs/…`. */
  used: Set<string>;
  /** Names of this person's jobs in the queue; null: the scheduler did not say. */
  queued: Set<string> | null;
};

/** Folders whose entries the cleaner looks at. */
const KINDS = 'runs snapshots blobs worker incoming trash doctor';

const OVER_STATES = ['COMPLETED', 'FAILED', 'CANCELLED', 'TIMEOUT', 'OUT_OF_MEMORY', 'DEADLINE'];

const QUEUE = {
  slurm: [
    `if sluice_names=$(squeue --noheader --user="$(id -un)" --states=all --format='%j %T' 2>/dev/null)`,
    // Those that have just ended are listed for a while; the ones that may be requeued stay.
    `then echo queue; printf '%s\\n' "$sluice_names" | sed -n ${OVER_STATES.map(state => `-e '/ ${state} *$/d'`).join(' ')} -e 's/^ *\\(sl-[A-Za-z0-9]*\\) [A-Z_]* *$/job \\1/p'`,
    'fi'
  ],
  // The supervisors are the queue here; their tickets say which run each is of.
  // Nobody there can be asked: what has no end record may live.
  process: []
} as const;

/**
 * Text that lists what lies below a root: some processes in all, none for each entry. It only reads.
 * Sizes count a file that several entries link once.
 */
export function buildInventory(root: string, scheduler: 'slurm' | 'process'): string {
  return [
    `cd ${shPath(root)} 2>/dev/null || { echo absent; exit 0; }`,
    `printf 'root %s\\n' "$(pwd)"; printf 'now %s\\n' "$(date +%s)"`,
    `set --; for kind in ${KINDS}; do [ ! -d "$kind" ] || set -- "$@" "$kind"; done`,
    '[ $# -gt 0 ] || exit 0',
    `find "$@" -mindepth 1 -maxdepth 1 -exec du -sk {} + 2>/dev/null | sed 's/^/size /'`,
    // Of the status, not of the contents: files are sent with a date of no meaning.
    `stat -c %Z . >/dev/null 2>&1 && how='-c %Z\t%n' || how='-f %c\t%N'`,
    `find "$@" -mindepth 1 -maxdepth 1 -exec stat "\${how%% *}" "\${how#* }" {} + 2>/dev/null | sed 's/^/time /'`,
    '[ -d runs ] || exit 0',
    `find runs -mindepth 4 -maxdepth 4 \\( -name end.json -o -name heartbeat -o -name events.jsonl \\)` +
      ` -exec stat "\${how%% *}" "\${how#* }" {} + 2>/dev/null | sed 's/^/time /'`,
    ...QUEUE[scheduler],
    'for run in runs/*; do',
    '  [ -d "$run" ] || continue',
    '  ended=; for end in "$run"/attempts/*/end.json; do [ ! -e "$end" ] || ended=y; done',
    '  [ -z "$ended" ] || continue',
    `  printf 'open %s\\n' "\${run#runs/}"`,
    `  set -- "$run"; for text in "$run/spec.json" "$run/script.sh"; do [ ! -f "$text" ] || set -- "$@" "$text"; done`,
    '  shift; [ $# -gt 0 ] || continue',
    `  grep -hoE '(worker|runs)/[A-Za-z0-9-]+|[0-9a-f]{64}' "$@" 2>/dev/null | sort -u | sed 's/^/uses /'`,
    'done',
    'true'
  ].join('\n');
}

/** What the cleaner may name at all. */
export const SAFE_PLACE = /^(?:runs|snapshots|blobs|worker|incoming|trash|doctor)\/[\w-][\w.-]*$/;

/** The entry of {@link KINDS} that a path lies in. */
const entryOf = (path: string): string => path.split('/').slice(0, 2).join('/');

/** Name of the file whose date tells when a task's end last had the root cleaned. */
const STAMP = 'cleaned';

/** Text that takes the right to clean a root, once a day whoever asks; prints `granted` then. */
export function buildDailyGrant(root: string): string {
  return [
    `cd ${shPath(root)} 2>/dev/null || exit 0`,
    `[ -z "$(find ${STAMP} -mtime -1 2>/dev/null)" ] || exit 0`,
    // Of two at once, the one whose rename finds its file goes on.
    `: >${STAMP}.$$ && mv -f ${STAMP}.$$ ${STAMP} && echo granted`
  ].join('\n');
}

/** Read the answer to {@link buildInventory}; names that are not ours are passed over, and so stay. */
export function parseInventory(stdout: string): Inventory {
  const found: Inventory = {
    root: '',
    now: 0,
    items: [],
    open: new Set(),
    used: new Set(),
    queued: null
  };
  const sizes = new Map<string, number>();
  const times = new Map<string, number>();
  for (const line of stdout.split('\n')) {
    readLine(line, found, sizes, times);
  }
  for (const [place, bytes] of sizes) {
    const changedAt = times.get(place);
    if (SAFE_PLACE.test(place) && changedAt !== undefined) {
      found.items.push({ place, bytes, changedAt });
    }
  }
  return found;
}

function readLine(
  line: string,
  found: Inventory,
  sizes: Map<string, number>,
  times: Map<string, number>
): void {
  const space = line.indexOf(' ');
  const word = space < 0 ? line : line.slice(0, space);
  const rest = space < 0 ? '' : line.slice(space + 1);
  const [first = '', second = ''] = rest.split('\t');
  switch (word) {
    case 'root':
      found.root = rest;
      break;
    case 'now':
      found.now = Number(rest);
      break;
    case 'size':
      sizes.set(second, Number(first) * 1024);
      break;
    case 'time':
      times.set(entryOf(second), Math.max(Number(first), times.get(entryOf(second)) ?? 0));
      break;
    case 'open':
      found.open.add(rest);
      break;
    case 'uses':
      usesOf(rest).forEach(place => found.used.add(place));
      break;
    case 'queue':
      found.queued ??= new Set();
      break;
    case 'job':
      (found.queued ??= new Set()).add(rest);
      break;
    default:
  }
}

/** A hash may be that of a value or of a snapshot. */
const usesOf = (name: string): string[] =>
  name.includes('/') ? [name] : [`blobs/${name}`, `snapshots/${name}`];
