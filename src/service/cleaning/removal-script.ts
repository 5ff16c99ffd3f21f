import { shPath } from '../../shared/sh-quote';
import { SAFE_PLACE } from './inventory-script';

/** Run by xargs: what exists of the places goes aside at once, then away. */
const TAKE = [
  'aside=$1; shift',
  'for place in "$@"; do',
  '  [ -e "$place" ] || continue',
  '  mv -- "$place" "$aside/${place%%/*}.${place#*/}" || exit 1',
  '  echo "removed $place"',
  'done'
].join('\n');

/**
 * Text that removes places below a root and says which. Each goes aside by one rename first, so that
 * nobody finds half of it; a cut leaves the rest for the next time.
 */
export function buildRemoval(root: string, places: readonly string[], nonce: string): string {
  const bad = places.find(place => !SAFE_PLACE.test(place));
  if (bad !== undefined) {
    throw new Error(`not a place that the cleaner may name: ${bad}`);
  }
  return [
    `cd ${shPath(root)} && mkdir -p trash/${nonce} || exit 1`,
    `take='${TAKE}'`,
    `xargs sh -c "$take" sh trash/${nonce} <<'END_OF_PLACES'`,
    ...places,
    'END_OF_PLACES',
    'status=$?',
    // What a job left without the right to write would otherwise stay.
    `chmod -R u+rwX trash/${nonce} 2>/dev/null; rm -rf trash/${nonce} || status=1`,
    'exit $status'
  ].join('\n');
}

/** The places that are gone. */
export function parseRemoval(stdout: string): string[] {
  return [...stdout.matchAll(/^removed (\S+)$/gm)].map(([, place = '']) => place);
}
