/** A shell of a job or of a command is no login shell: where `module` is a function of the profile, it is missing. */
const MODULES = `command -v module >/dev/null 2>&1 || for sluice_init in \\
  /etc/profile.d/lmod.sh /etc/profile.d/z00_lmod.sh /etc/profile.d/modules.sh; do
  if [ -r "$sluice_init" ]; then . "$sluice_init"; break; fi
done`;

/** The setup lines of a target as sh runs them, with `module` made known where they use it. */
export function setupLines(setup: readonly string[]): string[] {
  return setup.some(line => /(^|[\s;&|])(module|ml)\s/.test(line))
    ? [MODULES, ...setup]
    : [...setup];
}
