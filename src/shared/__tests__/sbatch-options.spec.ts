import { sbatchOptionProblem } from '../sbatch-options';
import { resourcesSchema } from '../wire/resources';

describe('an option for sbatch', () => {
  it.each([
    '--mail-type=FAIL',
    '--exclusive',
    '--nodelist=node1',
    '--wait-all-nodes=1',
    '--verbose',
    '--no-requeue',
    '--export=NONE',
    '-H',
    '-pcpu',
    '-p cpu'
  ])('may be %s', option => {
    expect(sbatchOptionProblem(option)).toBeNull();
  });

  it.each([
    ['--job-name=x', '--job-name'],
    ['--job', '--job-name'],
    ['--out=/x', '--output'],
    ['--error /x', '--error'],
    ['--arr=1-9', '--array'],
    ['--wrap=x', '--wrap'],
    ['--pars', '--parsable'],
    ['--chdir=/x', '--chdir'],
    ['--wait', '--wait'],
    ['-Jx', '-J'],
    ['-a1-9', '-a'],
    ['-o', '-o'],
    ['-D/x', '-D'],
    ['-HJx', '-H']
  ])('may not be %s', (option, named) => {
    expect(sbatchOptionProblem(option)).toContain(named);
    const { success, error } = resourcesSchema.safeParse({ sbatch: ['-H', option] });
    expect(success).toBe(false);
    expect(error?.issues[0]).toMatchObject({
      path: ['sbatch', 1],
      message: sbatchOptionProblem(option)
    });
  });

  it.each(['exclusive', '--', '-1', '--a\nb', '--a\0b', ''])('is not %j', option => {
    expect(resourcesSchema.safeParse({ sbatch: [option] }).success).toBe(false);
  });
});
