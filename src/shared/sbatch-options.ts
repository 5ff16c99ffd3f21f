/** Options of sbatch that Sluice sets itself, or that would make its answer unreadable. */
const OWN_OPTIONS = [
  'array',
  'chdir',
  'error',
  'help',
  'job-name',
  'open-mode',
  'output',
  'parsable',
  'test-only',
  'usage',
  'version',
  'wait',
  'wrap'
] as const;

const OWN_LETTERS = 'aDeJohVW';

/** Letters that take no value, so that another option could hide behind them (`-HJname`). */
const LETTERS_WITHOUT_VALUE = 'HkOQsvX';

function longProblem(name: string): string | null {
  // getopt accepts every unambiguous beginning of a name, so `--out` is `--output`.
  const own = OWN_OPTIONS.find(option => option.startsWith(name));
  return own === undefined ? null : `--${own} is set by Sluice itself`;
}

function shortProblem(letter: string, rest: string): string | null {
  if (OWN_LETTERS.includes(letter)) {
    return `-${letter} is set by Sluice itself`;
  }
  return LETTERS_WITHOUT_VALUE.includes(letter) && rest !== ''
    ? `write -${letter} and what follows it as options of their own`
    : null;
}

/** Why an option may not be handed to sbatch; null: it may. */
export function sbatchOptionProblem(option: string): string | null {
  const long = /^--([^=\s]+)/.exec(option)?.[1];
  return long === undefined
    ? shortProblem(option.charAt(1), option.slice(2))
    : longProblem(long.toLowerCase());
}
