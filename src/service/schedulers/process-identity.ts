/**
 * Functions of sh that tell processes apart for good. An identity is `pid.start.boot`: a number that
 * is used again comes with another start, and after a reboot with another boot.
 */
export const PROCESS_IDENTITY = `sluice_boot=0
if [ -r /proc/sys/kernel/random/boot_id ]; then
  IFS= read -r sluice_boot </proc/sys/kernel/random/boot_id
  sluice_boot=\${sluice_boot%%-*}
elif sluice_words=$(sysctl -n kern.boottime 2>/dev/null); then
  sluice_boot=$(printf '%s' "$sluice_words" | sed 's/^[^0-9]*\\([0-9]*\\).*/\\1/')
fi
sluice_host=$(uname -n)

sluice_start_of() {
  sluice_start=
  if [ -r /proc/self/stat ]; then
    { IFS= read -r sluice_stat <"/proc/$1/stat"; } 2>/dev/null || return 1
    # The name in brackets may hold anything; a zombie has ended.
    set -- \${sluice_stat##*) }
    [ "$1" = Z ] || sluice_start=\${20}
  else
    sluice_start=$(LC_ALL=C ps -o lstart= -p "$1" 2>/dev/null | LC_ALL=C tr -dc 'A-Za-z0-9')
  fi
  [ -n "$sluice_start" ]
}

sluice_is_alive() {
  sluice_rest=\${1#*.}
  [ "\${sluice_rest#*.}" = "$sluice_boot" ] &&
    sluice_start_of "\${1%%.*}" && [ "$sluice_start" = "\${sluice_rest%%.*}" ]
}`;
