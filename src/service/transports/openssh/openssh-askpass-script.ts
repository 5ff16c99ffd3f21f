/**
 * What OpenSSH runs in place of a terminal, in a folder of ours. It leaves its question in a file,
 * says so on stderr, which the service reads and in which the server's words stand before it, and
 * reads the answer from a FIFO that only the service holds open: when the service is gone, it reads
 * end of file and leaves. The secret of the login tells its words from those of a server.
 */
export const ASKPASS_SCRIPT = `#!/bin/sh
umask 077
cd -- "$SLUICE_ASKPASS" || exit 1
mkfifo "answer.$$" || exit 1
trap 'rm -f "answer.$$"; echo "$SLUICE_ASKPASS_SECRET gone $$" >&2; exit 1' HUP INT TERM
printf '%s\\n%s' "$SSH_ASKPASS_PROMPT" "$1" >"ask.$$.part" && mv "ask.$$.part" "ask.$$" || exit 1
echo "$SLUICE_ASKPASS_SECRET ask $$" >&2 || exit 1
IFS= read -r answer <"answer.$$" || answer=
echo "$SLUICE_ASKPASS_SECRET read $$" >&2
rm -f "answer.$$"
case $answer in
  +*) printf '%s\\n' "\${answer#+}" ;;
  *) exit 1 ;;
esac
`;

/**
 * Runs a program whose life ends with that of the service: `$1` is the folder, the rest the command.
 * A word on stdin means that the program has ended; end of file, that the service has: then the
 * program is ended, what waits for an answer is woken, and the folder goes.
 */
export const BOUND_SCRIPT = `
exec 3<&0
pid=$$
(
  trap '' HUP INT
  read -r word <&3 && exit
  kill "$pid"
  for fifo in "$1"/answer.*; do
    [ -p "$fifo" ] && : <>"$fifo"
  done
  rm -rf -- "$1"
) >/dev/null 2>&1 &
shift
exec "$@" </dev/null 3<&-
`;
