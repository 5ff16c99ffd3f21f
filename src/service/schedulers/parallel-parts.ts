import { readLines } from './reply-lines';

/** One thing to look at on a host: text of sh whose output, both streams together, is the finding. */
export type ScriptPart = {
  /** Letters and digits, with hyphens between; each part has its own. */
  name: string;
  text: string;
};

/** What a part printed; `isDone` is false where its time was over first. */
export type PartReply = { lines: string[]; isDone: boolean };

/** More than this of one part says nothing more. */
const MOST_LINES = 400;

/** In a part: a word before a command that ends it after so many seconds, where the host can do that. */
export const limited = (seconds: number): string =>
  `\${sluice_timeout:+$sluice_timeout ${seconds}}`;

const PRELUDE = `sluice_timeout=
command -v timeout >/dev/null 2>&1 && sluice_timeout=timeout
sluice_say() {
  sluice_count=0
  while IFS= read -r sluice_line || [ -n "$sluice_line" ]; do
    printf 'sluice:part-%s %s\\n' "$1" "$sluice_line"
    sluice_count=$((sluice_count + 1))
    [ "$sluice_count" -lt ${MOST_LINES} ] || break
  done
}`;

/** It says its own end by name, and takes its nap with it when it is told to stop. */
const watch = (seconds: number): string => `sluice_watch() {
  trap 'kill "$sluice_nap" 2>/dev/null; exit 0' TERM
  sleep ${seconds} &
  sluice_nap=$!
  wait "$sluice_nap"
  printf 'sluice:parts-over 1\\n'
}`;

const collect = (parts: number): string => `sluice_collect() {
  sluice_left=${parts}
  sluice_watcher=
  while IFS= read -r sluice_line; do
    case $sluice_line in
      'sluice:parts-watcher '*) sluice_watcher=\${sluice_line#sluice:parts-watcher }; continue ;;
      'sluice:parts-over '*) break ;;
    esac
    printf '%s\\n' "$sluice_line"
    case $sluice_line in
      'sluice:part-done '*)
        sluice_left=$((sluice_left - 1))
        [ "$sluice_left" -gt 0 ] || break ;;
    esac
  done
  [ -z "$sluice_watcher" ] || kill "$sluice_watcher" 2>/dev/null
}`;

const start = ({ name, text }: ScriptPart): string => `(
{
${text}
} </dev/null 2>&1 | sluice_say ${name}
printf 'sluice:part-done %s\\n' ${name}
) &`;

/**
 * Text that runs all parts side by side and ends when all have, or after so many seconds: a file
 * system that hangs takes only its own part with it. What hangs is left behind with nothing of ours open.
 */
export function buildParts(parts: readonly ScriptPart[], seconds: number): string {
  const wrong = parts.find(({ name }) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name));
  if (wrong !== undefined) {
    throw new Error(`not a name of a part: ${JSON.stringify(wrong.name)}`);
  }
  return [
    PRELUDE,
    watch(seconds),
    collect(parts.length),
    // By `exec`, since a redirection of a group leaves a copy of the old stderr with what hangs.
    '( exec 2>/dev/null',
    'sluice_watch &',
    `printf 'sluice:parts-watcher %s\\n' "$!"`,
    ...parts.map(start),
    ') | sluice_collect'
  ].join('\n');
}

/** What each part printed, by its name. */
export function readParts(
  stdout: string,
  parts: readonly ScriptPart[]
): ReadonlyMap<string, PartReply> {
  const lines = readLines(stdout);
  const done = new Set(lines.get('part-done'));
  return new Map(
    parts.map(({ name }) => [
      name,
      { lines: lines.get(`part-${name}`) ?? [], isDone: done.has(name) }
    ])
  );
}
