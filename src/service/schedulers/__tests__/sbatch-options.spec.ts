import type { Resources } from '../../../shared/wire/resources';
import { sbatchOptions, toSlurmMemory } from '../sbatch-options';

function optionsFor(resources: Resources, directory = '/r/runs/k'): string[] {
  return sbatchOptions({
    key: 'k',
    root: '/r',
    directory,
    setup: [],
    python: 'python3',
    workerPath: '/r/worker/1',
    resources
  });
}

describe('the options of sbatch', () => {
  it('name the job and its places', () => {
    expect(optionsFor({})).toEqual([
      '--job-name=k',
      '--chdir=/r/runs/k',
      '--output=/r/runs/k/job.log',
      '--open-mode=append',
      '--nodes=1',
      '--ntasks=1',
      '--signal=B:USR1@120'
    ]);
  });

  it.each<[Resources, string[]]>([
    [{ partition: 'cpu', account: 'a', qos: 'q' }, ['--partition=cpu', '--account=a', '--qos=q']],
    [{ constraint: 'a&b' }, ['--constraint=a&b']],
    [
      { cpus: 4, memory: '8G', time: '1:00:00' },
      ['--cpus-per-task=4', '--mem=8G', '--time=1:00:00']
    ],
    [{ gpus: 2 }, ['--gpus=2']],
    [{ gpus: 'a100:2' }, ['--gpus=a100:2']],
    [{ gpus: 'a100' }, ['--gpus=a100:1']]
  ])('say %j', (resources, expected) => {
    expect(optionsFor(resources).slice(6, -1)).toEqual(expected);
  });

  it('give several nodes one task each', () => {
    const options = optionsFor({ nodes: 3 });
    expect(options).toEqual(expect.arrayContaining(['--nodes=3', '--ntasks-per-node=1']));
    expect(options).not.toContain('--ntasks=1');
  });

  it('ask for a signal before the end, unless a person chose one', () => {
    expect(optionsFor({ time: '1' })).toContain('--signal=B:USR1@20');
    expect(optionsFor({ sbatch: ['--signal=TERM@9'] }).filter(word => /signal/.test(word))).toEqual(
      ['--signal=TERM@9']
    );
  });

  it('end with what a person added, which wins', () => {
    expect(optionsFor({ partition: 'a', sbatch: ['--partition=b', '-H'] }).slice(-2)).toEqual([
      '--partition=b',
      '-H'
    ]);
  });

  it('name an output file that Slurm takes literally', () => {
    expect(optionsFor({}, '/r %j/runs/k')).toContain('--output=/r %%j/runs/k/job.log');
    expect(optionsFor({}, '/r\\x/runs/k')).toContain('--output=/dev/null');
  });

  it.each([
    ['8G', '8G'],
    ['8GB', '8G'],
    ['8g', '8G'],
    ['500', '500M'],
    ['1.5G', '1572864K'],
    ['0.1G', '104858K'],
    ['2.5', '2560K'],
    ['1000B', '1K'],
    ['3T', '3T']
  ])('ask for %s of memory as %s', (memory, expected) => {
    expect(toSlurmMemory(memory)).toBe(expected);
  });
});
