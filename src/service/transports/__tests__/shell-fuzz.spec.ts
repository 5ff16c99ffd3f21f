import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shQuote } from '../../../shared/sh-quote';
import { hostileWords } from '../../../testing/hostile-words';
import type { JobSpec } from '../../schedulers/scheduler';
import { buildSlurmSubmit } from '../../schedulers/slurm-submit';
import { FrameReader } from '../frame-reader';
import { frameScript } from '../shell-frame';
import { SHELL_COMMAND } from '../ssh2/ssh2-channel';

const WORDS = process.env['SLUICE_TEST_ALL'] === '1' ? 100_000 : 2000;
const OPTIONS = process.env['SLUICE_TEST_ALL'] === '1' ? 300 : 10;
const AT_ONCE = 500;
const TEST_TIMEOUT_MS = 600_000;
const NONCE = 'fedcba9876543210fedcba9876543210';

/** How sshd starts the fixed command for a person with this login shell. */
const LOGIN_SHELLS: [string, string, string[]][] = [
  ['bash', '/bin/bash', ['-c', SHELL_COMMAND]],
  ['dash', '/bin/dash', ['-c', SHELL_COMMAND]],
  ['zsh', '/bin/zsh', ['-c', SHELL_COMMAND]],
  ['tcsh', '/bin/tcsh', ['-c', SHELL_COMMAND]],
  ['fish', '/usr/bin/fish', ['-c', SHELL_COMMAND]],
  // Where /bin/sh is not dash.
  ['bash as /bin/sh', '/bin/bash', ['--posix']],
  ['zsh as /bin/sh', '/bin/zsh', ['--emulate', 'sh']]
];

/** What a framed script wrote. */
async function runFramed(
  [, shell, args]: [string, string, string[]],
  script: string,
  env: NodeJS.ProcessEnv
): Promise<Buffer> {
  const child = spawn(shell, args, { stdio: ['pipe', 'pipe', 'ignore'], env });
  const payload: Buffer[] = [];
  const reader = new FrameReader(NONCE, {
    onBegin: () => undefined,
    onPayload: bytes => payload.push(bytes),
    onEnd: () => undefined
  });
  child.stdout.on('data', (chunk: Buffer) => reader.push(chunk));
  child.stdin.end(frameScript(script, NONCE, false));
  await new Promise(resolve => child.once('close', resolve));
  return Buffer.concat(payload);
}

function* inPieces<T>(all: Iterable<T>, size: number): Generator<T[]> {
  let piece: T[] = [];
  for (const one of all) {
    piece.push(one);
    if (piece.length === size) {
      yield piece;
      piece = [];
    }
  }
  if (piece.length > 0) {
    yield piece;
  }
}

describe.each(LOGIN_SHELLS)('no value becomes code through %s', (...shell) => {
  let folder: string;
  let canary: string;
  let env: NodeJS.ProcessEnv;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fuzz-'));
    canary = join(folder, 'canary');
    env = { ...process.env, HOME: folder, ZDOTDIR: folder };
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is a shell that this test would catch', async () => {
    await runFramed(shell, `: "$(touch ${canary})"`, env);
    expect(existsSync(canary)).toBe(true);
  });

  it(
    `gives ${WORDS} words back as they were`,
    async () => {
      const words = hostileWords(WORDS, { seed: 20_261, command: `touch ${canary}` });
      let seen = 0;
      for (const piece of inPieces(words, AT_ONCE)) {
        const script = `printf '%s\\0' ${piece.map(shQuote).join(' ')}`;
        const output = await runFramed(shell, script, env);
        const expected = Buffer.from(piece.map(word => `${word}\0`).join(''));
        expect(output.equals(expected)).toBe(true);
        seen += piece.length;
      }
      expect(seen).toBe(WORDS);
      expect(existsSync(canary)).toBe(false);
    },
    TEST_TIMEOUT_MS
  );

  it(
    `hands ${OPTIONS} words to sbatch as one argument each`,
    async () => {
      const told = join(folder, 'told');
      const sbatch = join(folder, 'sbatch');
      await writeFile(sbatch, `#!/bin/sh\nprintf '%s\\0' "$@" >'${told}'\necho 7\n`);
      await chmod(sbatch, 0o700);
      const path = { ...env, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
      const words = [...hostileWords(OPTIONS, { seed: 7, command: `touch ${canary}` })];
      for (const [index, word] of words.entries()) {
        const directory = join(folder, `run-${index}`);
        const job: JobSpec = {
          key: `sl-${index}`,
          root: folder,
          directory,
          setup: [],
          python: word,
          workerPath: word,
          resources: { partition: word, account: word, time: word, sbatch: [word] }
        };
        await runFramed(shell, `mkdir -p ${directory}\n${buildSlurmSubmit(job)}`, path);
        const given = (await readFile(told, 'utf8')).split('\0');
        expect(given).toEqual(
          expect.arrayContaining([`--partition=${word}`, `--account=${word}`, word])
        );
        await rm(told);
      }
      expect(existsSync(canary)).toBe(false);
    },
    TEST_TIMEOUT_MS
  );
});
