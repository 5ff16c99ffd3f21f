import { shQuote } from '../../shared/sh-quote';
import { PROCESS_IDENTITY } from './process-identity';

/** Between the polite end of a canceled job and the hard one. */
const GRACE_SECONDS = 10;

/**
 * Waiting for a slot. Each supervisor draws a ticket, an empty file named `number.pid.start.boot`,
 * and runs once fewer live tickets than there are slots lie before its own. So jobs start in the
 * order of their submits, and a dead owner's ticket counts for nothing: no lock is ever taken over.
 *
 * A number drawn from an old look at the folder could lie before tickets that run already. Hence a
 * ticket is given back and drawn again while a live one lies after it.
 */
const TICKETS = `sluice_draw() {
  sluice_last=0
  for sluice_file in "$sluice_slots"/*.*.*.*; do
    sluice_name=\${sluice_file##*/}
    case $sluice_name in
      [0-9]*) sluice_last=$((1\${sluice_name%%.*} - 1000000000000)) ;;
    esac
  done
  sluice_ticket=$(printf '%012d.%010d.%s' $((sluice_last + 1)) $$ "\${sluice_id#*.}")
  : >"$sluice_slots/$sluice_ticket"
}

sluice_look_around() {
  sluice_before=0
  sluice_after=
  sluice_seen=
  for sluice_file in "$sluice_slots"/*.*.*.*; do
    sluice_name=\${sluice_file##*/}
    sluice_rest=\${sluice_name#*.}
    if [ "$sluice_name" = "$sluice_ticket" ]; then
      sluice_seen=1
    elif sluice_is_alive "$((1\${sluice_rest%%.*} - 10000000000)).\${sluice_rest#*.}"; then
      if [ -n "$sluice_seen" ]; then
        sluice_after=1
      else
        sluice_before=$((sluice_before + 1))
      fi
    else
      rm -f "$sluice_file"
    fi
  done
}

sluice_count_slots() {
  sluice_count=
  if [ -f "$sluice_slots_file" ]; then
    IFS= read -r sluice_count <"$sluice_slots_file"
  fi
  case $sluice_count in
    '' | *[!0-9]* | 0*) sluice_count=$sluice_cores ;;
  esac
}

sluice_nap() {
  case $((sluice_before - sluice_count)) in
    0) sluice_pause=0.1 ;;
    [1-3]) sluice_pause=0.2 ;;
    [4-9]) sluice_pause=0.5 ;;
    *) sluice_pause=1 ;;
  esac
  # Seconds with a fraction are beyond POSIX, if within every sleep that we know.
  sleep "$sluice_pause" 2>/dev/null &
  sluice_sleeper=$!
  wait "$sluice_sleeper" || [ -n "$sluice_canceled" ] || sleep 1
}

sluice_wait_for_slot() {
  sluice_draw || return 1
  while [ -z "$sluice_canceled" ]; do
    sluice_look_around
    if [ -n "$sluice_after" ] && [ -z "$sluice_verified" ]; then
      rm -f "$sluice_slots/$sluice_ticket"
      sluice_draw || return 1
      continue
    fi
    sluice_verified=1
    sluice_count_slots
    [ "$sluice_before" -ge "$sluice_count" ] || return 0
    sluice_nap
  done
}`;

/** Tells the supervisor what time it is; where that is gone, its number may be another's by then. */
const CLOCK = `sluice_tell() {
  if [ "$(ps -o ppid= -p $$ | tr -d " ")" = "$2" ]; then kill -s "$1" "$2"; fi
}
sleep "$1"
sluice_tell USR1 "$3"
sleep "$2"
sluice_tell ALRM "$3"`;

/** The job runs in a process group of its own, which ends as a whole. */
const RUNNING = `sluice_signal_job() {
  kill -s "$1" -- "-$sluice_child" 2>/dev/null || kill -s "$1" "$sluice_child" 2>/dev/null
}

sluice_stop() {
  sluice_canceled=1
  if [ -n "$sluice_sleeper" ]; then kill "$sluice_sleeper" 2>/dev/null; fi
  sluice_end_job
}

# As Slurm has it: the script alone is told before, and all of the job when the time is over.
sluice_notify() {
  sluice_interrupted=1
  if [ -n "$sluice_child" ]; then kill -s USR1 "$sluice_child" 2>/dev/null; fi
}

sluice_expire() {
  if [ -n "$sluice_child" ] && [ -z "$sluice_canceled" ]; then sluice_expired=2; fi
  sluice_end_job
}

sluice_start_clock() {
  if [ -n "$sluice_limit" ]; then
    $sluice_apart sh -c "$sluice_clock_words" clock "$((sluice_limit - sluice_lead))" "$sluice_lead" "$$" >/dev/null 2>&1 &
    sluice_clock=$!
  fi
}

sluice_end_job() {
  sluice_interrupted=1
  if [ -n "$sluice_child" ] && [ -z "$sluice_killer" ]; then
    sluice_signal_job TERM
    $sluice_apart sh -c "sleep ${GRACE_SECONDS}; kill -s KILL -- -$sluice_child" 2>/dev/null &
    sluice_killer=$!
  fi
}

sluice_run() {
  : >submit/started
  (umask "$sluice_umask"; exec $sluice_apart sh ./script.sh) </dev/null >>job.log 2>&1 &
  sluice_child=$!
  if sluice_start_of "$sluice_child"; then
    printf '%s\\n' "$sluice_child.$sluice_start.$sluice_boot" >submit/child
  fi
  sluice_start_clock
  # A cancel may have come while there was no child yet.
  if [ -n "$sluice_canceled" ]; then sluice_stop; fi
  while :; do
    sluice_interrupted=
    wait "$sluice_child"
    sluice_status=$?
    [ -n "$sluice_interrupted" ] || break
  done
  if [ -n "$sluice_clock" ]; then kill -s KILL -- "-$sluice_clock" 2>/dev/null; fi
  # What the script left behind in its group ends with it, as Slurm has it.
  kill -s KILL -- "-$sluice_child" 2>/dev/null
  if [ -n "$sluice_killer" ]; then kill -s KILL -- "-$sluice_killer" 2>/dev/null; fi
}`;

/**
 * Text of the supervisor, which lives as long as its job: it waits for a slot, runs `script.sh`,
 * ends it when told to, and records how it ended. It is started in the job's directory with the
 * folder of tickets, the file with the number of slots, and the job's limit of time in seconds with the
 * lead of its notice (both empty: none), and prints its identity: the job's id.
 */
export const SUPERVISOR = `${PROCESS_IDENTITY}

sluice_umask=\${SLUICE_UMASK-$(umask)}
unset SLUICE_UMASK
umask 077
sluice_slots=$1/$sluice_host
sluice_slots_file=$2
sluice_limit=$3 sluice_lead=$4 sluice_clock= sluice_expired=
sluice_clock_words=${shQuote(CLOCK)}
sluice_canceled= sluice_interrupted= sluice_child= sluice_killer= sluice_sleeper= sluice_verified=
sluice_ticket= sluice_status=0 sluice_apart=
if command -v setsid >/dev/null 2>&1; then sluice_apart=setsid; else set -m; fi

${TICKETS}

${RUNNING}

# Whoever waits for the id may be gone.
trap '' PIPE
trap sluice_stop TERM
trap sluice_notify USR1
trap sluice_expire ALRM
sluice_start_of $$ || exit 1
sluice_id=$$.$sluice_start.$sluice_boot
mkdir -p "$sluice_slots" && printf '%s\\n' "$sluice_host" >submit/host || exit 1
printf '%s\\n' "$sluice_id" >job-id.new && mv -f job-id.new job-id || exit 1
printf '%s\\n' "$sluice_id"
exec >/dev/null
trap - PIPE

sluice_cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null) || sluice_cores=1
SLUICE_JOB_ID=$sluice_id
export SLUICE_JOB_ID
if ! sluice_wait_for_slot; then
  sluice_status=126
elif [ -z "$sluice_canceled" ]; then
  sluice_run
fi
printf '%s %s\\n' "$sluice_status" "\${sluice_canceled:-\${sluice_expired:-0}}" >submit/exit.new && mv -f submit/exit.new submit/exit
rm -f "$sluice_slots/$sluice_ticket"
`;
