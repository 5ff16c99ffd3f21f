import type { Resources } from '../../shared/wire/resources';
import { shortShape } from '../tasks/rehearsal-shape';
import type { PythonChoice } from './choose-python';
import { choosePartition } from './slurm-findings';
import type { Subject } from './subject';
import type { Survey } from './survey';
import type { TrialOrder } from './trial-job';

export type OrderParts = {
  subject: Subject;
  scheduler: 'slurm' | 'process';
  survey: Survey;
  python: PythonChoice | null;
  key: string;
  lookUp: string | null;
};

const TIME = '0:02:00';

/** As little as a job can ask for, where the target sends its jobs. */
function tinyShape(asked: Resources, { slurm }: Survey): Resources {
  const rest = { ...shortShape({ ...asked, time: TIME }) };
  delete rest.cpus;
  delete rest.memory;
  const chosen = choosePartition(slurm.partitions);
  const needsOne = rest.partition === undefined && chosen !== null && !chosen.isDefault;
  return needsOne ? { ...rest, partition: chosen.name } : rest;
}

/** The trial job, with what a real one of this target would have: its place, set-up and Python. */
export function orderTrial(parts: OrderParts): TrialOrder {
  const { subject, scheduler, survey, python, key, lookUp } = parts;
  const { host, sshConfig, setup, python: own, resources } = subject.target;
  const { root } = survey.facts;
  const directory = `${root}/doctor/${key}`;
  const place = {
    scheduler,
    host,
    sshConfig,
    root,
    python: python?.python ?? own ?? 'python3',
    setup: python?.setup ? [...setup, python.setup] : setup
  };
  return {
    place,
    job: {
      key,
      root,
      directory,
      setup: place.setup,
      python: place.python,
      workerPath: `${directory}/trial.py`,
      resources: scheduler === 'slurm' ? tinyShape(resources, survey) : {},
      // It waits for no other job where slots are shared out.
      lane: 'doctor'
    },
    places: [...new Set(survey.places.map(({ path }) => path))],
    lookUp
  };
}
