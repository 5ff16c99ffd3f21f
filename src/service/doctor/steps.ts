import { DOCTOR_STEPS, type DoctorStep } from '../../shared/wire/doctor';

export type StepId = DoctorStep['id'];

type Row = { title: string; needs: readonly StepId[] };

/** What each step is called, and which it needs: when one of those failed, it is skipped. */
export const STEPS: Readonly<Record<StepId, Row>> = {
  configuration: { title: 'Configuration', needs: [] },
  name: { title: 'Name lookup', needs: ['configuration'] },
  port: { title: 'Port', needs: ['name'] },
  'host-key': { title: 'Host key', needs: ['port'] },
  login: { title: 'Login', needs: ['host-key'] },
  shell: { title: 'Shell', needs: ['login'] },
  slurm: { title: 'Slurm', needs: ['shell'] },
  accounting: { title: 'Accounting', needs: ['slurm'] },
  partitions: { title: 'Partitions', needs: ['slurm'] },
  disk: { title: 'Disk', needs: ['shell'] },
  mounts: { title: 'Mounts', needs: ['shell'] },
  network: { title: 'Network of nodes', needs: ['shell'] },
  python: { title: 'Python', needs: ['shell'] },
  tools: { title: 'Tools', needs: ['shell'] },
  root: { title: 'Root folder', needs: ['shell'] },
  job: { title: 'Trial job', needs: ['slurm', 'partitions', 'python', 'root'] }
};

/** All steps before the first one. */
export function waitingSteps(): DoctorStep[] {
  return DOCTOR_STEPS.map(id => ({
    id,
    title: STEPS[id].title,
    state: 'waiting',
    found: null,
    details: [],
    problem: null,
    seconds: null
  }));
}

/** The failed step because of which this one cannot be done; null: it can. */
export function blockedBy(id: StepId, steps: readonly DoctorStep[]): StepId | null {
  const stateOf = new Map(steps.map(step => [step.id, step.state]));
  for (const need of STEPS[id].needs) {
    const blocker = stateOf.get(need) === 'failed' ? need : blockedBy(need, steps);
    if (blocker !== null) {
      return blocker;
    }
  }
  return null;
}
