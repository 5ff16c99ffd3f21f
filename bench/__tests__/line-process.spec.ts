import { spawn } from 'node:child_process';

import { LineProcess } from '../line-process.ts';
import { withCleanUp } from '../with-clean-up.ts';

const start = (program: string): LineProcess =>
  new LineProcess('child', spawn('/bin/sh', ['-c', program], { stdio: 'pipe' }));

describe('LineProcess', () => {
  it('answers lines, and keeps those that nobody asked for yet', async () => {
    await withCleanUp(async cleanUp => {
      const child = start('echo ready; echo more; read word; echo "got $word"; read rest');
      cleanUp(() => child.end());
      expect(await child.nextLine(20_000)).toBe('ready');
      child.write('this');
      expect(await child.nextLine(20_000)).toBe('more');
      expect(await child.nextLine(20_000)).toBe('got this');
    });
  });

  it('tells the words of a child that ended', async () => {
    const child = start('echo "no such thing" >&2; exit 3');
    await expect(child.nextLine(20_000)).rejects.toThrow(/child ended\.\s+no such thing/);
  });

  it('tells of a child that is silent, and ends it', async () => {
    const child = start('exec sleep 1000');
    await expect(child.nextLine(50)).rejects.toThrow('said nothing for 0.05 s');
    await child.end();
    expect(() => process.kill(child.pid, 0)).toThrow('ESRCH');
  });

  it('tells of a program that is not there', async () => {
    const child = new LineProcess('child', spawn('/nowhere/program', { stdio: 'pipe' }));
    await expect(child.nextLine(20_000)).rejects.toThrow('ENOENT');
  });
});
