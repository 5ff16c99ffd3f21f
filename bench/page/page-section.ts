import type { Figure, Section } from '../measure/figure.ts';
import { renderValue } from '../measure/render-section.ts';
import { summarise } from '../measure/summarise.ts';
import type { MainThreadCost } from './main-thread.ts';

/** A cell, and a line by which its output is known. */
export type PrintingCell = { about: string; source: string; firstLine: string };

/** The cells that are run. */
export const CELLS = {
  atOnce: {
    about: '100,000 lines at once',
    source: 'for number in range(100_000):\n    print("line", number)',
    firstLine: 'line 0'
  },
  steadily: {
    about: '100,000 lines over ten seconds',
    source: [
      'import time',
      'for number in range(100_000):',
      '    print("line", number)',
      '    if number % 500 == 499:',
      '        time.sleep(0.05)'
    ].join('\n'),
    firstLine: 'line 0'
  }
} satisfies Record<string, PrintingCell>;

/** The costs of each cell, run on Slurm's button and run in the kernel. */
export type PageRound = Record<
  keyof typeof CELLS,
  { slurm: MainThreadCost; local: MainThreadCost }
>;

const ALLOWED_MS = 2000;

/** The figures of the page. */
export function pageSection(rounds: readonly PageRound[]): Section {
  const names = Object.keys(CELLS) as (keyof typeof CELLS)[];
  return {
    title: 'page',
    figures: names.flatMap(name => figuresOf(rounds, name)),
    notes: [
      'Processor time of the main thread of JupyterLab in Chromium, until the page is quiet again; ' +
        `allowed are ${ALLOWED_MS} ms. The kernel's cell shows all its text, Sluice's the first part, ` +
        'as its settings say; the rest is in the log.',
      ...names.map(name => longestNote(rounds, name))
    ]
  };
}

function figuresOf(rounds: readonly PageRound[], name: keyof typeof CELLS): Figure[] {
  const { about } = CELLS[name];
  const ours = { label: 'Sluice', values: rounds.map(round => round[name].slurm.taskMs) };
  const local = { label: 'in the kernel', values: rounds.map(round => round[name].local.taskMs) };
  const allowed = { label: 'allowed', values: [ALLOWED_MS] };
  return [
    { name: about, unit: 'ms', ours, beside: allowed, wanted: 1 },
    { name: about, unit: 'ms', ours, beside: local, wanted: null }
  ];
}

function longestNote(rounds: readonly PageRound[], name: keyof typeof CELLS): string {
  const longest = (way: 'slurm' | 'local'): string =>
    renderValue(summarise(rounds.map(round => round[name][way].longestMs)).max);
  return (
    `${CELLS[name].about}: the longest time without an answer to a click was ${longest('slurm')} ms ` +
    `with Sluice, ${longest('local')} ms in the kernel.`
  );
}
