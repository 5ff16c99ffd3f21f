import { SluiceError } from '../../../shared/errors';
import type { JobSpec } from '../../schedulers/scheduler';
import { createSlurmScheduler } from '../../schedulers/slurm-scheduler';
import type { Place } from '../../store/task-record';
import type { ITransport } from '../../transports/transport';
import type { IClock } from '../clock';
import type { Hosts } from '../hosts';
import { type Heard, Submitter } from '../submitter';

const place = { host: 'far', root: '/r', scheduler: 'slurm' } as unknown as Place;
const job: JobSpec = {
  key: 'k',
  root: '/r',
  directory: '/r/runs/k',
  setup: [],
  python: 'python3',
  workerPath: '/r/worker/1',
  resources: {}
};
const AWAY =
  'sluice:unreached \nsluice:said Unable to contact slurm controller (connect failure)\n';
const lost = (): SluiceError =>
  new SluiceError('connection-lost', { host: 'far', problem: 'it broke' });

/** A submit to a host that answers thus, and what it came to. */
async function submit(
  answers: readonly (string | Error)[],
  clock: Partial<IClock> = {},
  signal = new AbortController().signal
): Promise<{ heard: Heard[]; runs: number; end: unknown }> {
  let runs = 0;
  const heard: Heard[] = [];
  const transport = {
    host: 'far',
    connection: { state: 'connected' },
    run: () => {
      const next = answers[Math.min(runs, answers.length - 1)];
      runs += 1;
      return typeof next === 'string'
        ? Promise.resolve({ status: 0, stdout: Buffer.from(next), stderr: '' })
        : Promise.reject(next ?? new Error('no answer is left'));
    }
  } as unknown as ITransport;
  const hosts = {
    transport: () => transport,
    scheduler: () => createSlurmScheduler()
  } as unknown as Hosts;
  const submitter = new Submitter({
    hosts,
    clock: { nowMs: () => 0, elapsedMs: () => 0, delay: () => Promise.resolve(), ...clock },
    retrying: () => undefined
  });
  const context = { target: 'far', signal, heard: (what: Heard) => heard.push(what) };
  const end: unknown = await submitter
    .submit(place, job, '{}', context)
    .catch((error: unknown) => error);
  return { heard, runs, end };
}

describe('a submit', () => {
  it('begins no other attempt once it was ended between two of them', async () => {
    const abort = new AbortController();
    const delay = (): Promise<void> => {
      abort.abort();
      return Promise.resolve();
    };
    const { heard, runs } = await submit([AWAY, 'sluice:job 1\n'], { delay }, abort.signal);
    expect([runs, heard]).toEqual([1, ['now', 'nothing']]);
  });

  it('handed nothing over while the controller was away, and may have in the attempt after that', async () => {
    const { heard, end } = await submit([AWAY, AWAY, AWAY, AWAY, AWAY, lost()]);
    expect(heard.slice(-2)).toEqual(['now', 'maybe']);
    expect(heard.slice(0, 2)).toEqual(['now', 'nothing']);
    expect(end).toMatchObject({ code: 'connection-lost' });
  });

  it('handed nothing over to a host that waits for a login, and is not repeated', async () => {
    const login = new SluiceError('login-paused', { host: 'far', target: 'far', problem: 'p' });
    const { heard, runs } = await submit([login]);
    expect([runs, heard]).toEqual([1, ['now', 'nothing']]);
  });

  it('may have handed over where a fault of ours ended it', async () => {
    const { heard, runs } = await submit([new TypeError('no')]);
    expect([runs, heard]).toEqual([1, ['now', 'maybe']]);
  });
});
