import { setupLines } from '../../shared/setup-lines';
import { shPath, shQuote } from '../../shared/sh-quote';
import type { JobSpec } from './scheduler';
import { secondsOf } from './time-limit';

/**
 * How many processes of the job's group of control the kernel has ended for want of memory. The
 * first system counts a group with all below it, so there the job's own is asked; the older one counts
 * each alone.
 */
const OOM_KILLS = `sluice_read_kills() {
  if [ -r "$1" ]; then
    while read -r sluice_name sluice_value; do
      if [ "$sluice_name" = oom_kill ]; then sluice_kills=$sluice_value; fi
    done <"$1"
  fi
}

sluice_count_kills() {
  sluice_kills=
  if [ -r /proc/self/cgroup ]; then
    while IFS=: read -r sluice_number sluice_kinds sluice_group; do
      case ,$sluice_kinds, in
        ,,)
          case $sluice_group in
            */job_[0-9]*/*)
              sluice_below=\${sluice_group#*/job_}
              sluice_group=\${sluice_group%%/job_*}/job_\${sluice_below%%/*} ;;
          esac
          sluice_read_kills "/sys/fs/cgroup$sluice_group/memory.events" ;;
        *,memory,*) sluice_read_kills "/sys/fs/cgroup/memory$sluice_group/memory.oom_control" ;;
      esac
    done </proc/self/cgroup
  fi
}`;

/**
 * The record that the attempt is over, whatever has become of the worker. A run that another job has
 * claimed is not ours to judge.
 */
const RECORD = `sluice_is_ours() {
  sluice_owner=
  if [ -f "$sluice_run/claim/owner" ]; then
    IFS= read -r sluice_owner <"$sluice_run/claim/owner" || :
    case $sluice_owner in
      *"\\"jobId\\": \\"$SLUICE_JOB_ID\\""*) ;;
      *) return 1 ;;
    esac
  fi
}

sluice_record() {
  if [ -n "$sluice_is_recorded" ] || [ ! -d "$sluice_run" ]; then return 0; fi
  sluice_is_recorded=1
  if ! sluice_is_ours; then return 0; fi
  sluice_before=$sluice_kills
  sluice_count_kills
  if [ -n "$sluice_before" ] && [ -n "$sluice_kills" ]; then
    sluice_kills=$((sluice_kills - sluice_before))
  else
    sluice_kills=-
  fi
  (
    PATH=$sluice_path
    umask 077
    cd "$sluice_run" && mkdir -p "attempts/$sluice_attempt" && cd "attempts/$sluice_attempt" || exit 1
    printf '%s %s %s\\n' "$1" "$sluice_kills" "$(date +%s)" >"exit.$$.part" &&
      mv -f "exit.$$.part" exit || rm -f "exit.$$.part"
  )
}

sluice_leave() {
  sluice_status=$?
  set +eu
  trap '' TERM USR1
  sluice_record "$sluice_status"
  exit "$sluice_status"
}`;

/**
 * Signals reach the worker from here, but none before it is there to hear them: of a notice that
 * came too early it is told when it starts.
 */
const SIGNALS = `sluice_pass() {
  if [ -n "$sluice_worker" ]; then
    kill -s "$1" "$sluice_worker" 2>/dev/null || :
  else
    sluice_early="$sluice_early $1"
  fi
}`;

function head(job: JobSpec): string {
  const limit = secondsOf(job.resources);
  return [
    `sluice_run=${shQuote(job.directory)}`,
    'sluice_path=$PATH sluice_worker= sluice_early= sluice_is_recorded=',
    'sluice_attempt=${SLURM_RESTART_COUNT:-0}',
    'case $sluice_attempt in *[!0-9]*) sluice_attempt=0 ;; esac',
    ...(Number.isFinite(limit)
      ? [`export SLUICE_ENDS_AT="$(($(date +%s) + ${Math.ceil(limit)}))"`]
      : ['unset SLUICE_ENDS_AT']),
    OOM_KILLS,
    RECORD,
    SIGNALS,
    'sluice_count_kills',
    'trap sluice_leave EXIT',
    // Whoever is told to leave while the setup runs leaves once its command has ended.
    "trap 'exit 143' TERM",
    "trap 'sluice_pass USR1' USR1"
  ].join('\n');
}

function run({ python, workerPath, directory }: JobSpec): string {
  const worker = `${shPath(python)} -u ${shQuote(workerPath)} ${shQuote(directory)}`;
  return `set +eu
trap 'sluice_pass TERM' TERM
# Until the worker hears it, this signal would end it: what is ignored here is ignored there from its first moment.
trap '' USR1
(
  if [ -n "$sluice_early" ]; then export SLUICE_NOTICE=1; fi
  exec ${worker}
) </dev/null &
sluice_worker=$!
trap 'sluice_pass USR1' USR1
for sluice_signal in $sluice_early; do sluice_pass "$sluice_signal"; done
# A signal ends the wait, not the worker: a zombie is still there, one that was waited for is not.
while :; do
  wait "$sluice_worker"
  sluice_status=$?
  if [ "$sluice_status" -eq 127 ] || ! kill -0 "$sluice_worker" 2>/dev/null; then break; fi
done
# Where the signal and the end came together, the shell may have the status all the same.
if [ "$sluice_status" -gt 128 ]; then
  wait "$sluice_worker" 2>/dev/null
  sluice_again=$?
  if [ "$sluice_again" -ne 127 ]; then sluice_status=$sluice_again; fi
fi
if [ "$sluice_status" -eq 3 ]; then sluice_is_recorded=1; fi
sluice_record "$sluice_status"
exit "$sluice_status"
`;
}

/**
 * Text of `script.sh`: setup lines, then the worker as a child, then the record of its end. Its first
 * line after the interpreter is a command: Slurm reads `#SBATCH` only before the first command, so
 * no setup line becomes an option.
 */
export function buildJobScript(job: JobSpec, exports: readonly string[]): string {
  return ['#!/bin/sh', ...exports, head(job), ...setupLines(job.setup), run(job)].join('\n');
}
