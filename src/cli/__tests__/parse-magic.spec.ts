import { SluiceError } from '../../shared/errors';
import { readFiles, readInputs } from '../input-options';
import { parseMagicCell } from '../parse-magic';

describe('a cell with a %%slurm line', () => {
  it('gives its target and resources', () => {
    const source =
      '%%slurm curnagl --cpus 4 --memory 8G --gpus a100:2 --sbatch=--mail-type=FAIL -o a,b --recompute r --columns f=a:b -i m,n.csv -i !k --detach\nprint(1)\nx';
    expect(parseMagicCell(source)).toEqual({
      source: 'print(1)\nx',
      target: 'curnagl',
      resources: { cpus: 4, memory: '8G', gpus: 'a100:2', sbatch: ['--mail-type=FAIL'] },
      inputs: ['m,n.csv', '!k']
    });
  });

  it.each([
    ['%%slurm', { source: '', target: null, resources: {}, inputs: [] }],
    ['%%slurm\n', { source: '', target: null, resources: {}, inputs: [] }],
    ['%%slurm here\nx', { source: 'x', target: 'here', resources: {}, inputs: [] }],
    [
      'print(1)\n%%slurm here',
      { source: 'print(1)\n%%slurm here', target: null, resources: {}, inputs: [] }
    ],
    [
      `%%slurm --sbatch="--comment=a \\"b\\" 'c'" 'my target'\n`,
      {
        source: '',
        target: 'my target',
        resources: { sbatch: [`--comment=a "b" 'c'`] },
        inputs: []
      }
    ]
  ])('reads %j', (source, expected) => {
    expect(parseMagicCell(source)).toEqual(expected);
  });

  it('says what is wrong with the line', () => {
    const parse = (): unknown => parseMagicCell('%%slurm here --cpus many\n');
    expect(parse).toThrow(SluiceError);
    expect(parse).toThrow(/“%%slurm here --cpus many”: .*--cpus.*whole number/);
    expect(() => parseMagicCell('%%slurm --bogus\n')).toThrow(/unknown option '--bogus'/);
  });
});

describe('the lists of -i', () => {
  it('part names of variables from files', () => {
    expect(readInputs(['a, data/x.csv,!b', '!*.log,2x,α,a'])).toEqual({
      names: { include: ['a', 'α'], exclude: ['b'] },
      files: { include: ['data/x.csv', '2x'], exclude: ['*.log'] }
    });
    expect(readInputs(['a,x.csv', '!a,!x.csv', '!b,b'])).toEqual({
      names: { include: ['b'], exclude: ['a'] },
      files: { include: [], exclude: ['x.csv'] }
    });
    expect(() => readInputs(['!'])).toThrow(/“!” stands before/);
  });

  it('are files alone for a script', () => {
    expect(readFiles(['a,!b'])).toEqual({ include: ['a'], exclude: ['b'] });
  });
});
