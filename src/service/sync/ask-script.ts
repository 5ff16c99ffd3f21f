import { shQuote } from '../../shared/sh-quote';

const SAFE_PLACE = /^[\w.-]+(\/[\w.-]+)*$/;
/** `ls` is one process for so many names. */
const NAMES_AT_ONCE = 500;

/** Throws where one of these is no plain path below the root. */
export function checkPlaces(places: readonly string[]): void {
  const bad = places.find(place => !SAFE_PLACE.test(place) || place.split('/').includes('..'));
  if (bad !== undefined) {
    throw new Error(`not a place on a host: ${bad}`);
  }
}

/** What is to be found out of a host. */
export type Question = {
  root: string;
  /** Folders: there or not. */
  places: readonly string[];
  /** Files: how long. */
  files: readonly string[];
  /** Snapshots of which count and sizes of the files are asked too. */
  weighed: readonly string[];
  /** Workers of which the sum of all contents is asked too. */
  summed: readonly string[];
  /** How much room there is. */
  wantsRoom: boolean;
  /** Names of the newest snapshots. */
  wantsSnapshots: boolean;
  /** Whether it unpacks gzip. */
  wantsGzip: boolean;
};

export type Findings = {
  missing: ReadonlySet<string>;
  sizes: ReadonlyMap<string, number>;
  weights: ReadonlyMap<string, { files: number; bytes: number }>;
  /** Not told where nothing there can tell. */
  sums: ReadonlyMap<string, string>;
  /** Free bytes; null: not told. */
  roomBytes: number | null;
  snapshots: string[];
  hasGzip: boolean;
};

/** Text that goes to the root and makes its folders. */
export function buildEnter(root: string): string {
  const folders = 'incoming worker snapshots blobs runs';
  return `mkdir -p ${shQuote(root)} && cd ${shQuote(root)} && mkdir -p ${folders} || exit 1`;
}

/** Text, after {@link buildEnter}, that answers a question, one finding a line. */
export function buildAsk(question: Question): string {
  const { places, files, weighed, summed, wantsRoom, wantsSnapshots, wantsGzip } = question;
  checkPlaces([...places, ...files, ...weighed, ...summed]);
  return [
    ...(places.length === 0
      ? []
      : [
          'while IFS= read -r place; do',
          `  [ -e "$place" ] || printf 'missing %s\\n' "$place"`,
          `done <<'END_OF_PLACES'`,
          ...places,
          'END_OF_PLACES'
        ]),
    ...piecesOf(files).map(names => `ls -ldn -- ${names.join(' ')} 2>/dev/null`),
    // It changes nothing but the time of the last change, by which the cleaner knows what is in use.
    ...piecesOf([...places, ...files.filter(file => file.startsWith('blobs/'))]).map(
      names => `chmod u+r ${names.join(' ')} 2>/dev/null`
    ),
    ...weighed.map(weigh),
    ...summed.map(sum),
    ...(wantsRoom
      ? ['df -Pk . 2>/dev/null | tail -n 1 | { read -r line; echo "room $line"; }']
      : []),
    ...(wantsSnapshots ? [`ls -t snapshots 2>/dev/null | head -n 8 | sed 's/^/snapshot /'`] : []),
    ...(wantsGzip ? ["command -v gzip >/dev/null 2>&1 && echo 'has gzip'"] : [])
  ].join('\n');
}

function piecesOf(names: readonly string[]): string[][] {
  const count = Math.ceil(names.length / NAMES_AT_ONCE);
  return Array.from({ length: count }, (_, index) =>
    names.slice(index * NAMES_AT_ONCE, (index + 1) * NAMES_AT_ONCE)
  );
}

// What an interpreter kept of the modules is no part of it.
const weigh = (place: string): string =>
  `ls -dq . >/dev/null 2>&1 && ls -lnRq ${place} 2>/dev/null | awk '/:$/ { own = !/__pycache__:$/ } ` +
  `own && /^-/ { n++; s += $5 } END { printf "weight ${place} %d %.0f\\n", n, s }'`;

const sum = (place: string): string =>
  `command -v sha256sum >/dev/null 2>&1 && [ -d ${place} ] && (cd ${place} && ` +
  `find . -type f ! -path '*/__pycache__/*' -exec sha256sum {} + 2>/dev/null | LC_ALL=C sort | ` +
  `sha256sum | sed 's|^\\([0-9a-f]*\\).*|sum ${place} \\1|')`;

const FILE_LINE = /^-\S+\s+\d+\s+\d+\s+\d+\s+(\d+)\s.*\s([\w.-]+(?:\/[\w.-]+)+)$/;

/** The answer; lines of other questions in the same script are passed over. */
export function parseAsk(stdout: string): Findings {
  const lines = stdout.split('\n');
  const match = (pattern: RegExp): RegExpExecArray[] =>
    lines.map(line => pattern.exec(line)).filter(found => found !== null);
  const room = /^room .*?\s\d+\s+\d+\s+(\d+)\s+\d+%/m.exec(stdout)?.[1];
  return {
    missing: new Set(match(/^missing (\S+)$/).map(([, place = '']) => place)),
    sizes: new Map(match(FILE_LINE).map(([, bytes, place = '']) => [place, Number(bytes)])),
    weights: new Map(
      match(/^weight (\S+) (\d+) (\d+)$/).map(([, place = '', files, bytes]) => [
        place,
        { files: Number(files), bytes: Number(bytes) }
      ])
    ),
    sums: new Map(
      match(/^sum (\S+) ([0-9a-f]{64})$/).map(([, place = '', told = '']) => [place, told])
    ),
    roomBytes: room === undefined ? null : Number(room) * 1024,
    snapshots: match(/^snapshot ([0-9a-f]{64})$/).map(([, name = '']) => name),
    hasGzip: /^has gzip$/m.test(stdout)
  };
}
