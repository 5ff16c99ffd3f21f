import { SluiceError } from '../../shared/errors';
import { parseMagicCell } from '../parse-magic';

describe('a cell with a %%slurm line', () => {
  it('gives its target and resources', () => {
    const source =
      '%%slurm curnagl --cpus 4 --memory 8G --gpus a100:2 --sbatch=--mail-type=FAIL -o a,b --detach\nprint(1)\nx';
    expect(parseMagicCell(source)).toEqual({
      source: 'print(1)\nx',
      target: 'curnagl',
      resources: { cpus: 4, memory: '8G', gpus: 'a100:2', sbatch: ['--mail-type=FAIL'] }
    });
  });

  it.each([
    ['%%slurm', { source: '', target: null, resources: {} }],
    ['%%slurm\n', { source: '', target: null, resources: {} }],
    ['%%slurm here\nx', { source: 'x', target: 'here', resources: {} }],
    ['print(1)\n%%slurm here', { source: 'print(1)\n%%slurm here', target: null, resources: {} }],
    [
      `%%slurm --sbatch="--comment=a \\"b\\" 'c'" 'my target'\n`,
      { source: '', target: 'my target', resources: { sbatch: [`--comment=a "b" 'c'`] } }
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
