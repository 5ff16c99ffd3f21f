import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { FrameReader } from '../frame-reader';
import { LimitedText } from '../limited-text';
import { frameScript } from '../shell-frame';
import { shQuote } from '../../../shared/sh-quote';
import { SHELL_COMMAND } from '../ssh2/ssh2-channel';

const NONCE = '0123456789abcdef0123456789abcdef';

function readChunks(chunks: readonly Buffer[]) {
  const seen: { begin: number[]; payload: Buffer[]; end: number[] } = {
    begin: [],
    payload: [],
    end: []
  };
  const reader = new FrameReader(NONCE, {
    onBegin: value => seen.begin.push(value),
    onPayload: bytes => seen.payload.push(bytes),
    onEnd: value => seen.end.push(value)
  });
  chunks.forEach(chunk => reader.push(chunk));
  return {
    begin: seen.begin,
    payload: Buffer.concat(seen.payload).toString('latin1'),
    end: seen.end
  };
}

describe('a frame', () => {
  const payload = `\n${NONCE.slice(0, 20)} begin\0\xff${NONCE} endless`;
  const text = `banner ${NONCE.slice(0, 5)}${NONCE} begin 42\n${payload}${NONCE} end 7\nafter ${NONCE} end 9\n`;
  const bytes = Buffer.from(text, 'latin1');
  const expected = { begin: [42], payload, end: [7] };

  it('is found in one piece', () => {
    expect(readChunks([bytes])).toEqual(expected);
  });

  it('is found wherever it is cut', () => {
    for (let at = 1; at < bytes.length; at += 1) {
      expect(readChunks([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(expected);
    }
    expect(readChunks([...bytes].map(byte => Buffer.from([byte])))).toEqual(expected);
  });

  it('holds back nothing but what may be the beginning of a mark', () => {
    const seen: string[] = [];
    const reader = new FrameReader(NONCE, {
      onBegin: () => undefined,
      onPayload: part => seen.push(part.toString()),
      onEnd: () => undefined
    });
    reader.push(Buffer.from(`${NONCE} begin 1\n`));
    reader.push(Buffer.from('a whole line\n'));
    expect(seen).toEqual(['a whole line\n']);
  });
});

describe('a limited text', () => {
  it('keeps all of a short one, and both ends of a long one', () => {
    const text = new LimitedText(4);
    text.push(Buffer.from('abc'));
    text.push(Buffer.from('defgh'));
    expect(text.toString()).toBe('abcdefgh');
    text.push(Buffer.from('ijkl'));
    expect(text.toString()).toBe('abcd\n… 4 bytes left out …\nijkl');
  });
});

it('no NUL byte gets into a shell word', () => {
  expect(() => shQuote('a\0b')).toThrow('NUL');
});

const LOGIN_SHELLS = [
  '/bin/sh',
  '/bin/dash',
  '/bin/bash',
  '/bin/zsh',
  '/bin/tcsh',
  '/usr/bin/fish'
];
const SH_SHELLS = [
  'sh',
  'dash',
  'bash',
  'bash --posix',
  'busybox sh',
  'ksh',
  'mksh',
  'zsh --emulate sh'
];

const isThere = (command: string): boolean => {
  const [name = ''] = command.split(' ');
  return ['/bin', '/usr/bin'].some(folder => existsSync(`${folder}/${name.replace(/^.*\//, '')}`));
};

/** Run a framed script in a shell, sending the data only after its begin. */
async function runIn(command: string, args: string[], script: string, data: Buffer | null) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const payload: Buffer[] = [];
  const status = await new Promise<number>(resolve => {
    const reader = new FrameReader(NONCE, {
      onBegin: () => {
        if (data !== null) {
          child.stdin.end(data);
        }
      },
      onPayload: bytes => payload.push(bytes),
      onEnd: resolve
    });
    child.stdout.on('data', (chunk: Buffer) => reader.push(chunk));
    child.stdin.write(frameScript(script, NONCE, data !== null));
  });
  child.stdin.end();
  return { status, output: Buffer.concat(payload).toString() };
}

const word = `it's "$(x)" \`y\` \\ ünï 漢\n!$HOME % ~ *`;
const script = `cat; printf %s ${shQuote(word)}; exit 9`;

describe.each(SH_SHELLS.filter(isThere))('a framed script in %s', shell => {
  const [command = '', ...args] = shell.split(' ');

  it('gets its text unharmed, its data whole, and gives its status', async () => {
    const data = Buffer.alloc(300_000, 'echo no\n');
    expect(await runIn(command, args, script, data)).toEqual({
      status: 9,
      output: `${data.toString()}${word}`
    });
  });

  it('reads end of file without data', async () => {
    expect(await runIn(command, args, script, null)).toEqual({ status: 9, output: word });
  });

  it('may be faulty', async () => {
    expect((await runIn(command, args, 'if then 2>/dev/null', null)).status).not.toBe(0);
  });
});

it.each(LOGIN_SHELLS.filter(isThere))('%s as a login shell starts it', async shell => {
  const data = Buffer.from('from stdin ');
  const result = await runIn(shell, ['-c', SHELL_COMMAND], script, data);
  expect(result).toEqual({ status: 9, output: `from stdin ${word}` });
});
