import { shQuote } from '../../shared/sh-quote';

const SAFE_PLACE = /^[\w.-]+(\/[\w.-]+)*$/;

/** Throws where one of these is no plain path below the root. */
export function checkPlaces(places: readonly string[]): void {
  const bad = places.find(place => !SAFE_PLACE.test(place));
  if (bad !== undefined) {
    throw new Error(`not a place on a host: ${bad}`);
  }
}

/** Name of the empty file that ends each stream. */
export const LAST_ENTRY = 'all-sent';

/** Text that prints those of the places below `root` that the host lacks, one a line. */
export function buildAsk(root: string, places: readonly string[]): string {
  checkPlaces(places);
  return [
    `mkdir -p ${shQuote(root)} && cd ${shQuote(root)} || exit 1`,
    `while IFS= read -r place; do`,
    `  [ -e "$place" ] || printf '%s\\n' "$place"`,
    `done <<'END_OF_PLACES'`,
    ...places,
    'END_OF_PLACES'
  ].join('\n');
}

/** The places that the host lacks; lines of other questions in the same script are passed over. */
export function parseAsk(stdout: string): string[] {
  return stdout.split('\n').filter(line => SAFE_PLACE.test(line));
}

/**
 * Text that unpacks a tar stream from stdin beside its place and publishes each parcel by rename.
 * A parcel that someone else published meanwhile is the same by name, and stays.
 */
export function buildReceive(root: string, nonce: string, places: readonly string[]): string {
  checkPlaces(places);
  const incoming = `incoming/${nonce}`;
  return [
    `cd ${shQuote(root)} && mkdir -p ${incoming} worker snapshots blobs runs || exit 1`,
    `trap 'rm -rf ${incoming}' EXIT`,
    `tar -xf - -C ${incoming} || exit 2`,
    // A link that dies looks like the end of the stream: only the last entry tells that all came.
    `[ -e ${incoming}/${LAST_ENTRY} ] || { echo 'the files arrived only in part' >&2; exit 2; }`,
    `while IFS= read -r place; do`,
    `  [ -e "${incoming}/$place" ] || { printf 'missing after unpacking: %s\\n' "$place" >&2; exit 3; }`,
    `  [ -e "$place" ] || mv "${incoming}/$place" "$place" || [ -e "$place" ] || exit 4`,
    `done <<'END_OF_PLACES'`,
    ...places,
    'END_OF_PLACES'
  ].join('\n');
}
