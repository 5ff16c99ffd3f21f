import { parseCommandLine } from '../command-line.ts';

describe('parseCommandLine', () => {
  it('reads a command with its options', () => {
    const words = 'up --dir /d --nodes 2 --knob minJobAge=2 --knob schedulerParameters=a=1,b=2';
    expect(parseCommandLine(words.split(' '))).toEqual({
      command: 'up',
      dir: '/d',
      nodeCount: 2,
      knobs: { minJobAge: '2', schedulerParameters: 'a=1,b=2' },
      remove: false
    });
  });

  it.each([[[]], [['upp']], [['up', 'down']], [['up', '--fast']], [['up', '--knob', 'minJobAge']]])(
    'refuses %j with words and status 2',
    words => {
      const refused = expect.objectContaining({ name: 'TestbedError', exitCode: 2 }) as Error;
      expect(() => parseCommandLine(words)).toThrow(refused);
    }
  );
});
