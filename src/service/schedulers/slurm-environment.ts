/** Prefixes of variables that Slurm's commands read as options. */
const PREFIXES = ['SLURM', 'SBATCH', 'SQUEUE', 'SACCT', 'SCANCEL'] as const;

// Names are taken from lines that look like an assignment. A value with such a line in it can only
// name a variable that is to go anyway.
const names = PREFIXES.map(prefix => `-e 's/^\\(${prefix}_[A-Za-z0-9_]*\\)=.*/\\1/p'`).join(' ');

/**
 * Text that makes Slurm's commands answer to our options alone: inherited ones are cleared, and the
 * login profile is read where the commands are not on the path of a shell without login.
 */
export const SLURM_ENVIRONMENT = `for sluice_name in $(env | LC_ALL=C sed -n ${names}); do
  [ "$sluice_name" = SLURM_CONF ] || unset "$sluice_name"
done
command -v squeue >/dev/null 2>&1 || { [ -r /etc/profile ] && . /etc/profile >/dev/null 2>&1; }`;
