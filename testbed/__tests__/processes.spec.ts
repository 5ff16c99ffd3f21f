import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { ancestorsOf, withDescendants } from '../members.ts';
import { endProcesses, parseStat, readProcess, signalProcess } from '../processes.ts';

function statOf(pid: number, name: string, parentPid: number): string {
  return `${String(pid)} (${name}) S ${String(parentPid)} ${'0 '.repeat(17)}777 0`;
}

describe('parseStat', () => {
  it('is not led astray by a name with blanks and parentheses', () => {
    expect(parseStat(7, statOf(7, 'a) R 9 (b', 3), '/usr/sbin/x\0-f\0/c\0')).toEqual({
      pid: 7,
      parentPid: 3,
      state: 'S',
      startTicks: '777',
      words: ['/usr/sbin/x', '-f', '/c']
    });
  });
});

describe('families of processes', () => {
  const tree: [number, number][] = [
    [5, 4],
    [4, 2],
    [2, 1],
    [3, 1],
    [1, 0]
  ];
  const all = tree.map(([pid, parent]) => parseStat(pid, statOf(pid, 'x', parent), 'x'));

  it('are followed down and up', () => {
    const roots = all.filter(each => each.pid === 2);
    expect(withDescendants(all, roots).map(each => each.pid)).toEqual([5, 4, 2]);
    expect([...ancestorsOf(all, 4)]).toEqual([4, 2, 1]);
  });
});

describe('a process of one id', () => {
  it('gets no signal that was meant for an earlier one', async () => {
    const child = spawn('sleep', ['100']);
    try {
      const seen = await readProcess(child.pid ?? 0);
      expect(seen?.words).toEqual(['sleep', '100']);
      expect(await signalProcess({ ...seen!, startTicks: '1' }, 'SIGKILL')).toBe(false);
      expect(await readProcess(child.pid ?? 0)).toMatchObject({ state: 'S' });
    } finally {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
  });

  it('ends although it was stopped, and although it ignores the request', async () => {
    const child = spawn('sh', ['-c', 'trap "" TERM; echo ready; while :; do sleep 100; done'], {
      detached: true
    });
    const closed = once(child, 'close');
    await once(child.stdout, 'data');
    const shell = (await readProcess(child.pid ?? 0))!;
    await signalProcess(shell, 'SIGSTOP');
    await endProcesses([shell], 50);
    expect(await readProcess(shell.pid)).toBeUndefined();
    process.kill(-shell.pid, 'SIGKILL');
    await closed;
  });
});
