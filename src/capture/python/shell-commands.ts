/** A command that a cell gives to a shell, or a program that a magic runs. */
export type ShellCommand = { command: string; line: number };

const SHELL_CELL = /^%%(?:bash|sh|script\s+(?:ba|z)?sh|sx|system|!)/;
const SHELL_LINE = /^\s*(?:[\w.[\]'", *]+=\s*)?(?:!!?|%(?:sx|system|bash)\s)(.*)$/;
const RUN_LINE = /^\s*%run\s+((?:-[a-zA-Z]+\s+)*)(.*)$/;

/** The shell lines and cells of a source; `%run script.py` is told as `python script.py`. */
export function shellCommands(source: string): ShellCommand[] {
  const lines = source.split('\n');
  const first = lines.findIndex(line => line.trim() !== '' && !/^\s*%%slurm\b/.test(line));
  const isShell = SHELL_CELL.test(lines[first] ?? '');
  const commands: ShellCommand[] = [];
  let before = '';
  lines.forEach((text, index) => {
    const line = index + 1;
    const whole = before + text;
    if (text.endsWith('\\') && (before !== '' || isShell || SHELL_LINE.test(text))) {
      before = whole.slice(0, -1);
      return;
    }
    before = '';
    const run = RUN_LINE.exec(whole);
    const shell = SHELL_LINE.exec(whole);
    if (run) {
      const isModule = /-\w*m/.test(run[1] ?? '');
      commands.push({ command: `python ${isModule ? '-m ' : ''}${run[2] ?? ''}`, line });
    } else if (shell) {
      commands.push({ command: shell[1] ?? '', line });
    } else if (isShell && index > first) {
      commands.push({ command: whole, line });
    }
  });
  return commands;
}
