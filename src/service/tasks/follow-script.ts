/**
 * The follower: reads commands from stdin, answers with what the workers' files gained.
 *
 *   poll TAG ATTEMPT OFFSET LIMIT RUN   →  data TAG LENGTH + bytes, end and exit likewise, next TAG N
 *   go                                  →  done
 *   keep                                →  nothing; puts off the end after 60 s of silence
 *
 * It leaves on end of file. Nothing of it stays on the host.
 */
export const FOLLOW_SCRIPT = `
watch=
arm() {
  [ -z "$watch" ] || kill "$watch" 2>/dev/null
  ( sleep 60; kill -TERM $$ ) </dev/null >/dev/null 2>&1 &
  watch=$!
}
trap 'kill "$watch" 2>/dev/null' EXIT
# A file that is written once, after all lines.
last_word() {
  if [ -s "$dir/$2" ]; then
    size=$(wc -c <"$dir/$2")
    [ "$size" -le $3 ] || size=$3
    printf '%s %s %s\\n' "$1" "$tag" "$((size))"
    head -c "$((size))" "$dir/$2"
  fi
}
arm
while IFS=' ' read -r verb tag attempt offset limit run; do
  case $verb in
  poll)
    dir=$run/attempts/$attempt
    if [ -s "$dir/events.jsonl" ]; then
      size=$(wc -c <"$dir/events.jsonl")
      length=$((size - offset))
      [ "$length" -le "$limit" ] || length=$limit
      if [ "$length" -gt 0 ]; then
        printf 'data %s %s\\n' "$tag" "$length"
        tail -c "+$((offset + 1))" "$dir/events.jsonl" | head -c "$length"
      fi
    fi
    last_word end end.json 1048576
    last_word exit exit 4096
    # A start that failed leaves no directory: the next attempt may be any later one.
    next=
    for found in "$run"/attempts/*; do
      found=\${found##*/}
      case $found in
      '' | *[!0-9]* | ??????????*) ;;
      *)
        if [ "$found" -gt "$attempt" ] && [ "$found" -lt "\${next:-1000000000}" ]; then
          next=$found
        fi
        ;;
      esac
    done
    [ -z "$next" ] || printf 'next %s %s\\n' "$tag" "$next"
    ;;
  go) echo done ;;
  keep) arm ;;
  esac
done
`;

export type PollCommand = {
  tag: number;
  attempt: number;
  offset: number;
  limit: number;
  /** Directory of the run; no newline. */
  run: string;
};

/** The line that asks for one run. */
export function buildPoll({ tag, attempt, offset, limit, run }: PollCommand): string {
  return `poll ${tag} ${attempt} ${offset} ${limit} ${run}\n`;
}

export type ReplyHeader =
  | { kind: 'data' | 'end' | 'exit'; tag: number; length: number }
  | { kind: 'next'; tag: number; attempt: number }
  | { kind: 'done' };

/** A line of the answer; null for one that is none of ours. */
export function parseReplyHeader(line: string): ReplyHeader | null {
  const [word, tag, number] = line.split(' ');
  switch (word) {
    case 'data':
    case 'end':
    case 'exit':
      return { kind: word, tag: Number(tag), length: Number(number) };
    case 'next':
      return { kind: 'next', tag: Number(tag), attempt: Number(number) };
    case 'done':
      return { kind: 'done' };
    default:
      return null;
  }
}
