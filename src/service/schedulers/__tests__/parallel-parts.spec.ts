import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runShell } from '../../../testing/run-shell';
import { isAlive, waitUntil } from '../../../testing/wait-until';
import { buildParts, readParts } from '../parallel-parts';

describe.each(['/bin/dash', '/bin/bash'])('parts of a script in %s', shell => {
  const run = async (parts: { name: string; text: string }[], seconds: number) => {
    const answer = await runShell(buildParts(parts, seconds), { shell });
    return { answer, replies: readParts(answer.stdout, parts) };
  };

  it('give each its own output, both streams, however they end', async () => {
    const { answer, replies } = await run(
      [
        { name: 'one', text: 'echo a; echo b >&2; printf "no end of line"' },
        { name: 'two', text: 'exit 3' },
        { name: 'three', text: 'echo "sluice:part-done two"; printf "%s\\n" "  x\\\\y  "' },
        { name: 'four', text: 'nonsense_command' }
      ],
      20
    );
    expect(answer.status).toBe(0);
    expect(replies.get('one')).toEqual({ lines: ['a', 'b', 'no end of line'], isDone: true });
    expect(replies.get('two')).toEqual({ lines: [], isDone: true });
    expect(replies.get('three')?.lines).toEqual(['sluice:part-done two', '  x\\y  ']);
  });

  it('do not wait for one that hangs, keep what it said, and leave no nap behind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parts-'));
    const pidFile = join(folder, 'pid');
    const hangs = `echo begun; echo $$ >${pidFile}.$$; sh -c 'echo $$ >${pidFile}; exec sleep 600'`;
    const parts = [
      { name: 'hangs', text: hangs },
      { name: 'works', text: 'echo here' }
    ];
    const { replies } = await run(parts, 1);
    expect(replies.get('hangs')).toEqual({ lines: ['begun'], isDone: false });
    expect(replies.get('works')).toEqual({ lines: ['here'], isDone: true });
    const pid = Number(readFileSync(pidFile, 'utf8'));
    expect(isAlive(pid)).toBe(true);
    process.kill(pid);
    rmSync(folder, { recursive: true });
  });

  it('end with the last of them, and take the watcher with them', async () => {
    const seconds = shell === '/bin/dash' ? 7501 : 7502;
    const { replies } = await run([{ name: 'one', text: 'echo quick' }], seconds);
    expect(replies.get('one')).toEqual({ lines: ['quick'], isDone: true });
    const naps = (): string[] =>
      readdirSync('/proc')
        .filter(name => /^\d+$/.test(name))
        .filter(name => commandLine(name) === `sleep\0${seconds}\0`);
    await waitUntil('the nap is over', async () => naps().length === 0);
  });
});

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It has ended since it was listed.
    return '';
  }
}

it('refuses names that would break its lines', () => {
  expect(() => buildParts([{ name: 'a b', text: ':' }], 1)).toThrow('not a name of a part');
});
