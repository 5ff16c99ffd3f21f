import { renderValue } from '../measure/render-section.ts';
import type { Figure, Section } from '../measure/figure.ts';
import { summarise } from '../measure/summarise.ts';
import type { BareRun } from './bare-sbatch.ts';
import type { SluiceRun, Stages } from './sluice-road.ts';

/** What one round brought. */
export type RoadRound = {
  sluice: SluiceRun;
  bare: BareRun;
  submititMs: number;
  aloneMs: number;
  tripMs: number;
};

/** What the figures are held to, and what they were taken with. */
export type RoadSetting = {
  title: string;
  wantedBesideSubmitit: number;
  notes: string[];
};

/** How often the service asks a remote host about a job that just began and that somebody waits for. */
export const FOLLOW_INTERVAL_MS = 50;

const ALLOWED_TRIPS = 5;
const WANTED_BESIDE_SBATCH = 1.2;

/** The figures of a road. */
export function roadSection(rounds: readonly RoadRound[], setting: RoadSetting): Section {
  const { title, notes } = setting;
  const figures = [...figuresBesidePeers(rounds, setting), ...figuresOfParts(rounds)];
  return {
    title,
    figures,
    notes: [allowanceNote(rounds), stagesNote(rounds), stepsNote(rounds), ...notes]
  };
}

const sample = (
  label: string,
  rounds: readonly RoadRound[],
  pick: (round: RoadRound) => number
) => ({
  label,
  values: rounds.map(pick)
});

function figuresBesidePeers(rounds: readonly RoadRound[], setting: RoadSetting): Figure[] {
  const bare = sample('sbatch', rounds, ({ bare: { toOutputMs } }) => toOutputMs);
  const submitit = sample('submitit', rounds, ({ submititMs }) => submititMs);
  const output = sample('Sluice', rounds, ({ sluice }) => sluice.toOutputMs);
  const result = sample('Sluice', rounds, ({ sluice }) => sluice.toResultMs);
  const unit = 'ms';
  const { wantedBesideSubmitit: wanted } = setting;
  return [
    {
      name: 'request to first output',
      unit,
      ours: output,
      beside: bare,
      wanted: WANTED_BESIDE_SBATCH
    },
    { name: 'request to first output', unit, ours: output, beside: submitit, wanted },
    { name: 'request to result', unit, ours: result, beside: submitit, wanted }
  ];
}

function figuresOfParts(rounds: readonly RoadRound[]): Figure[] {
  const allowed = ({ aloneMs, tripMs }: RoadRound): number =>
    aloneMs + ALLOWED_TRIPS * tripMs + FOLLOW_INTERVAL_MS;
  const fromStart = sample('Sluice', rounds, ({ sluice }) => sluice.startToOutputMs);
  const toStart = ({ toOutputMs, startToOutputMs }: BareRun): number =>
    toOutputMs - startToOutputMs;
  return [
    {
      name: 'job start to visible',
      unit: 'ms',
      ours: fromStart,
      beside: sample('allowed', rounds, allowed),
      wanted: 1
    },
    {
      name: 'job start to visible',
      unit: 'ms',
      ours: fromStart,
      beside: sample('sbatch', rounds, ({ bare }) => bare.startToOutputMs),
      wanted: null
    },
    {
      name: 'request to job start',
      unit: 'ms',
      ours: sample('Sluice', rounds, ({ sluice }) => toStart(sluice)),
      beside: sample('sbatch', rounds, ({ bare }) => toStart(bare)),
      wanted: null
    }
  ];
}

function allowanceNote(rounds: readonly RoadRound[]): string {
  const median = (pick: (round: RoadRound) => number): string =>
    renderValue(summarise(rounds.map(pick)).median);
  return (
    `Allowed from job start to visible: the interpreter with IPython alone (${median(r => r.aloneMs)} ms), ` +
    `${ALLOWED_TRIPS} round trips of the kept connection (${median(r => r.tripMs)} ms each), ` +
    `one interval of the follower (${FOLLOW_INTERVAL_MS} ms).`
  );
}

/** submitit looks at its job once a second: its median is on one of two steps, and may jump. */
function stepsNote(rounds: readonly RoadRound[]): string {
  const seconds = rounds.map(({ submititMs }) => Math.floor(submititMs / 1000));
  const steps = [...new Set(seconds)].sort((a, b) => a - b);
  const counts = steps.map(step => `${seconds.filter(each => each === step).length} in ${step} s`);
  const mean = (pick: (round: RoadRound) => number): number =>
    rounds.reduce((sum, round) => sum + pick(round), 0) / rounds.length;
  const ratio = mean(r => r.sluice.toResultMs) / mean(r => r.submititMs);
  return (
    `submitit waits in steps of a second: ${counts.join(', ')}. ` +
    `Request to result, ratio of the means: ${ratio.toFixed(2)}.`
  );
}

function stagesNote(rounds: readonly RoadRound[]): string {
  const names = Object.keys(rounds[0]?.sluice.stages ?? {}) as (keyof Stages)[];
  const parts = names.map(name => {
    const { median } = summarise(rounds.map(({ sluice }) => sluice.stages[name]));
    return `${name} ${renderValue(median)} ms`;
  });
  return `Stages of Sluice's road, medians: ${parts.join(', ')}.`;
}
