/**
 * The follower: reads commands from stdin, answers with what the workers' files gained.
 *
 *   poll TAG ATTEMPT OFFSET LIMIT RUN   →  data TAG LENGTH + bytes, end TAG LENGTH + bytes, next TAG
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
    if [ -s "$dir/end.json" ]; then
      size=$(wc -c <"$dir/end.json")
      printf 'end %s %s\\n' "$tag" "$((size))"
      head -c "$((size))" "$dir/end.json"
    fi
    [ ! -d "$run/attempts/$((attempt + 1))" ] || printf 'next %s\\n' "$tag"
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
  | { kind: 'data' | 'end'; tag: number; length: number }
  | { kind: 'next'; tag: number }
  | { kind: 'done' };

/** A line of the answer; null for one that is none of ours. */
export function parseReplyHeader(line: string): ReplyHeader | null {
  const [word, tag, length] = line.split(' ');
  switch (word) {
    case 'data':
    case 'end':
      return { kind: word, tag: Number(tag), length: Number(length) };
    case 'next':
      return { kind: 'next', tag: Number(tag) };
    case 'done':
      return { kind: 'done' };
    default:
      return null;
  }
}
