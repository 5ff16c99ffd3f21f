import type { DoctorReport, DoctorStep } from '../../shared/wire/doctor';
import { plainText } from './plain-text';

type Mark = { sign: string; word: string };

/** A sign for the quick look, and its word for who cannot see or trust signs. */
const MARKS: Readonly<Record<DoctorStep['state'], Mark>> = {
  waiting: { sign: ' ', word: 'waits' },
  running: { sign: '…', word: 'looking' },
  passed: { sign: '✓', word: 'ok' },
  warning: { sign: '!', word: 'warning' },
  failed: { sign: '✗', word: 'failed' },
  skipped: { sign: '–', word: 'skipped' }
};

const WORD_WIDTH = 8;
const TITLE_WIDTH = 17;
const INDENT = ' '.repeat(2 + WORD_WIDTH);

/** Whether a step has come to its end. */
export const isSettled = ({ state }: DoctorStep): boolean =>
  state !== 'waiting' && state !== 'running';

/** One step in a line, without its end of line. */
export function stepLine({ state, title, found }: DoctorStep): string {
  const { sign, word } = MARKS[state];
  const words = `${sign} ${word.padEnd(WORD_WIDTH)}${title.padEnd(TITLE_WIDTH)}`;
  return `${words}${plainText(found ?? '')}`.trimEnd();
}

/** A settled step, with its details and with what to do where something is wrong. */
export function stepText(step: DoctorStep): string {
  const { state, details, problem, found } = step;
  const said = problem !== null && problem.message !== found ? [problem.message] : [];
  const todo = problem === null ? [] : [`What to do: ${problem.hint}`];
  const more = state === 'skipped' ? [] : [...details, ...said, ...todo];
  return [stepLine(step), ...more.map(line => `${INDENT}${plainText(line)}`), ''].join('\n');
}

/** How it went, in a sentence. */
export function outcomeText({ target, state, steps }: DoctorReport): string {
  const failed = steps.find(step => step.state === 'failed');
  const warnings = steps.filter(step => step.state === 'warning').length;
  const name = plainText(target);
  switch (state) {
    case 'canceled':
      return `${name}: canceled.\n`;
    case 'failed':
      return `${name}: not usable yet; the first thing to mend is “${failed?.title ?? '?'}”.\n`;
    default:
      return warnings === 0
        ? `${name}: all is well.\n`
        : `${name}: usable, with ${warnings} warning${warnings === 1 ? '' : 's'}.\n`;
  }
}

/** What would be written, why, and where; empty when nothing would. */
export function proposalText({ proposal }: DoctorReport): string {
  if (proposal === null) {
    return '';
  }
  const reasons = proposal.reasons.map(reason => `  ${plainText(reason)}\n`).join('');
  const lines = proposal.toml
    .split('\n')
    .map(line => (line === '' ? '\n' : `  ${plainText(line)}\n`));
  return `\nProposed for ${plainText(proposal.path)}:\n${lines.join('')}${reasons}`;
}
