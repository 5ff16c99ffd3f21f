import { parseCommandLine } from '../command-line.ts';

const known = [
  { name: 'road', about: 'a' },
  { name: 'page', about: 'b' }
];

describe('parseCommandLine', () => {
  it('takes every benchmark when none is named', () => {
    expect(parseCommandLine([], known)).toEqual({
      names: ['road', 'page'],
      isHelp: false,
      options: { rounds: undefined, isDefaultScheduler: false, only: '', withSlurmray: false }
    });
  });

  it('reads names and options, and keeps its own order', () => {
    const words = ['page', '--rounds', '5', '--default', '--with-slurmray', 'road'];
    expect(parseCommandLine(words, known)).toMatchObject({
      names: ['road', 'page'],
      options: { rounds: 5, isDefaultScheduler: true, withSlurmray: true }
    });
  });

  it.each([[['raod']], [['--rounds', '0']], [['--rounds', 'many']], [['--fast']]])(
    'refuses %j with words and status 2',
    words => {
      const refused = expect.objectContaining({ name: 'BenchError', exitCode: 2 }) as Error;
      expect(() => parseCommandLine(words, known)).toThrow(refused);
    }
  );
});
