import { shQuote } from '../../shared/sh-quote';
import { buildEnter, checkPlaces } from './ask-script';
import { HASH_FUNCTION } from './fetch-script';

/** Name of the empty file that ends each tar stream. */
export const LAST_ENTRY = 'all-sent';

/** Exit status: a part is not what it should be; another try is worth it. */
export const BAD_PART = 5;

/** A file that travelled alone, in one or several tries. */
export type ArrivedPart = {
  part: string;
  place: string;
  bytes: number;
  /** To be checked, where it came in more than one try. */
  sha256: string | null;
};

/** All that turns what arrived into what is published. */
export type Delivery = {
  root: string;
  /** A fresh word for the directory of this upload. */
  nonce: string;
  /** A snapshot that begins as a copy, by links, of another one. */
  base: { from: string; to: string; hash: string; removed: string[]; edits: string[] } | null;
  /** Damaged ones that give way. */
  replaced: readonly string[];
  parts: readonly ArrivedPart[];
  /** Files of a snapshot that are blobs too; `place` is relative to the root. */
  links: readonly { blob: string; place: string; executable: boolean }[];
  /** In this order. */
  publish: readonly string[];
};

/** A word of a shell may be long, but not without end. */
const MOST_WORD_BYTES = 16_384;

const CLONE = [
  'sluice_clone() {',
  '  cp -al "$1" "$2" 2>/dev/null && return',
  '  rm -rf "$2"; cp -pRl "$1" "$2" 2>/dev/null && return',
  '  rm -rf "$2"; cp -pR "$1" "$2"',
  '}'
];

// The edits come first: they tell what becomes of the lines of the second file.
const EDIT = [
  `awk 'NR == FNR { n = $2; if ($1 == "d") gone[n] = 1; else {`,
  `    sub(/^a [0-9]+ /, ""); if (n in more) more[n] = more[n] "\\n" $0; else more[n] = $0 }; next }`,
  'FNR == 1 && (0 in more) { print more[0] }',
  '!(FNR in gone) { print }',
  `FNR in more { print more[FNR] }'`
].join('\n');

function inPieces(words: readonly string[]): string[] {
  const pieces: string[] = [];
  for (const word of words) {
    const last = pieces.at(-1);
    if (last === undefined || last.length + word.length > MOST_WORD_BYTES * 4) {
      pieces.push(word);
    } else {
      pieces[pieces.length - 1] = `${last} ${word}`;
    }
  }
  return pieces;
}

function startFromBase({ base }: Delivery): string[] {
  if (base === null) {
    return [];
  }
  // A file of the new tree may share its bytes with the old one: never written, only replaced.
  const gone = ['manifest.json', ...base.removed].map(place => shQuote(`${base.to}/${place}`));
  return [
    `mkdir -p "$i/snapshots" && sluice_clone ${base.from} "$i/${base.to}" || exit 3`,
    ...inPieces(gone).map(names => `(cd "$i" && rm -rf -- ${names}) || exit 3`)
  ];
}

function endFromBase({ base }: Delivery): string[] {
  if (base === null) {
    return [];
  }
  const manifest = `"$i/${base.to}/manifest.json"`;
  return [
    `${EDIT} "$i/edits" ${base.from}/manifest.json >${manifest} || exit 3`,
    `chmod 400 ${manifest} && rm -f "$i/edits" || exit 3`,
    `case $(sluice_hash <${manifest}) in ${base.hash}|none) ;; *) echo 'base differs' >&2; exit 3 ;; esac`
  ];
}

function takeParts({ parts }: Delivery): string[] {
  return parts.flatMap(({ part, place, bytes, sha256 }) => [
    `n=$(($(wc -c <${part})))`,
    `[ "$n" -ge ${bytes} ] || { echo 'a file arrived only in part' >&2; exit 2; }`,
    // The last bytes of an earlier try may have come late.
    `[ "$n" -eq ${bytes} ] || { rm -f ${part}; echo 'a file grew on its way' >&2; exit ${BAD_PART}; }`,
    ...(sha256 === null
      ? []
      : [
          `case $(sluice_hash <${part}) in ${sha256}|none) ;;`,
          `  *) rm -f ${part}; echo 'a resumed file differs' >&2; exit ${BAD_PART} ;;`,
          'esac'
        ]),
    `chmod 400 ${part} && mv -f ${part} ${place} || exit 4`
  ]);
}

function link({ links }: Delivery): string[] {
  const folders = [...new Set(links.map(({ place }) => place.slice(0, place.lastIndexOf('/'))))];
  const words = folders.map(folder => `"$i"/${shQuote(folder)}`);
  return [
    ...inPieces(words).map(names => `mkdir -p -- ${names} || exit 4`),
    ...links.map(({ blob, place, executable }) => {
      const to = `"$i"/${shQuote(place)}`;
      // A name of its own has modes of its own only as a copy.
      return executable
        ? `cp ${blob} ${to} && chmod 500 ${to} || exit 4`
        : `ln ${blob} ${to} 2>/dev/null || { cp ${blob} ${to} && chmod 400 ${to}; } || exit 4`;
    })
  ];
}

/** A folder that is moved into the one above its place never lands within another of its name. */
function publish(place: string): string {
  const above = place.slice(0, place.lastIndexOf('/'));
  const moved = place.startsWith('blobs/')
    ? `mv -f "$i/${place}" ${place}`
    : `{ [ -e ${place} ] || mv "$i/${place}" ${above}/ 2>"$i/said"; }`;
  return (
    `[ -e "$i/${place}" ] || { echo 'missing after unpacking: ${place}' >&2; exit 3; }\n` +
    `${moved} || [ -e ${place} ] || { cat "$i/said" >&2; exit 4; }`
  );
}

/**
 * Text that reads a tar stream and publishes what came by rename. What someone else published
 * meanwhile is the same by name, and stays.
 *
 * `unpack` is the text that gives the stream: from stdin, or as a part of the script. Exit status:
 * 2 it did not come whole, 3 the base is not what was thought, 4 no publishing, 5 a part is not what it should be.
 */
export function buildReceive(delivery: Delivery, unpack: string): string {
  const { root, nonce, base, replaced, parts, links, publish: places } = delivery;
  checkPlaces([
    ...places,
    ...replaced,
    ...parts.flatMap(({ part, place }) => [part, place]),
    ...links.map(({ blob }) => blob),
    ...(base === null ? [] : [base.from, base.to]),
    nonce
  ]);
  const blobs = places.filter(place => place.startsWith('blobs/'));
  const trees = places.filter(place => !place.startsWith('blobs/'));
  return [
    buildEnter(root),
    `i=incoming/${nonce}`,
    `mkdir "$i" || exit 1`,
    `trap 'rm -rf "$i"' EXIT`,
    `trap 'exit 9' HUP INT TERM`,
    HASH_FUNCTION,
    ...CLONE,
    ...startFromBase(delivery),
    `${unpack} tar -xf - -C "$i" || exit 2`,
    // A link that dies looks like the end of the stream: only the last entry tells that all came.
    `[ -e "$i/${LAST_ENTRY}" ] || { echo 'the files arrived only in part' >&2; exit 2; }`,
    ...endFromBase(delivery),
    ...takeParts(delivery),
    ...blobs.map(publish),
    ...link(delivery),
    ...replaced.map(
      (place, index) => `[ ! -e ${place} ] || mv ${place} "$i/old-${index}" || exit 4`
    ),
    ...trees.map(publish),
    'exit 0'
  ].join('\n');
}

/** Text that puts what comes on stdin at the end of a part; nothing of it is left where the disk is full. */
export function buildAppend(root: string, part: string, offset: number): string {
  checkPlaces([part]);
  return [
    buildEnter(root),
    offset === 0
      ? `: >${part} || exit 1`
      : `[ "$(($(wc -c <${part})))" -eq ${offset} ] || { echo 'the part changed' >&2; exit ${BAD_PART}; }`,
    `cat >>${part} || { rm -f ${part}; exit 1; }`
  ].join('\n');
}
