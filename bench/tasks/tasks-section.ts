import { renderValue } from '../measure/render-section.ts';
import type { Figure, Section } from '../measure/figure.ts';
import { summarise } from '../measure/summarise.ts';
import type { LiveLoad } from './live-load.ts';

/** All that was measured. */
export type TaskMeasures = {
  submits: { sluiceMs: number; bareMs: number }[];
  submitCount: number;
  failures: Record<string, number[]>;
  shortListMs: number[];
  longListMs: number[];
  live: LiveLoad;
};

const WANTED_SUBMITS = 1.5;
const WANTED_LIST = 5;
const WANTED_NEWS_MS = 5000;
const WANTED_MB = 200;

/** The figures of the life of tasks. */
export function tasksSection(measures: TaskMeasures): Section {
  const { submits, submitCount, shortListMs, longListMs, failures, live } = measures;
  const ours = (values: number[]): Figure['ours'] => ({ label: 'Sluice', values });
  const figures: Figure[] = [
    {
      name: `submitting ${submitCount} tasks`,
      unit: 'ms',
      ours: ours(submits.map(({ sluiceMs }) => sluiceMs)),
      beside: { label: 'sbatch', values: submits.map(({ bareMs }) => bareMs) },
      wanted: WANTED_SUBMITS
    },
    {
      name: 'first page of the list, 10,000 tasks',
      unit: 'ms',
      ours: ours(longListMs),
      beside: { label: '100 tasks', values: shortListMs },
      wanted: WANTED_LIST
    },
    ...Object.entries(failures).map(([name, values]): Figure => ({
      name: `from its record to the verdict: ${name}`,
      unit: 'ms',
      ours: ours(values),
      beside: { label: 'allowed', values: [WANTED_NEWS_MS] },
      wanted: 1
    })),
    {
      name: `memory with ${live.tasks} live tasks`,
      unit: 'MB',
      ours: ours([live.residentMb]),
      beside: { label: 'allowed', values: [WANTED_MB] },
      wanted: 1
    }
  ];
  return { title: 'tasks', figures, notes: [liveNote(live), failureNote(failures)] };
}

function liveNote({ tasks, cpuPercent, queriesAMinute }: LiveLoad): string {
  return (
    `${tasks} live tasks that wait: ${renderValue(cpuPercent)} % of one core (wanted: under 5), ` +
    `${renderValue(queriesAMinute)} calls of squeue a minute (wanted: at most one).`
  );
}

function failureNote(failures: TaskMeasures['failures']): string {
  const worst = Math.max(...Object.values(failures).map(values => summarise(values).max));
  return `The slowest news of a failure took ${renderValue(worst)} ms.`;
}
