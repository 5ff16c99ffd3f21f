/**
 * The script that sshd runs in place of each command when a knob changes what a login is like. It
 * hands the command on to the shell that a person would have, as sshd itself would.
 */
export function renderLoginScript(lines: readonly string[]): string {
  return `${['shell=/bin/sh', ...lines, 'exec "$shell" -c "$SSH_ORIGINAL_COMMAND"'].join('\n')}\n`;
}
