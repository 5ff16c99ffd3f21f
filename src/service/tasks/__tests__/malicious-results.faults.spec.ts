import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ResultVariable } from '../../../shared/wire/events';
import { recordTrials, trialCount } from '../../../testing/record-trials';
import { sealed, sealedEnd } from '../../../testing/sealed-lines';
import { createLocalTransport } from '../../transports/local-transport';
import type { ITransport } from '../../transports/transport';
import { bringResults, type BroughtFile } from '../bring-results';
import { judgeResults, type ResultContext, type ResultFile } from '../result-rules';
import { sealCheck } from '../seal';
import { splitLines } from '../split-lines';

const SEED = 20_240_611;

/** A seeded generator (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const hash = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

const CONTEXT: ResultContext = {
  task: 'sl-1',
  target: 'moon',
  trust: 'outputs',
  limitBytes: 1000
};

function fileOf(text: string | Buffer, role = 'json'): ResultFile {
  return { role, path: hash(text), sha256: hash(text), bytes: Buffer.byteLength(text) };
}

function result(change: Partial<ResultVariable> = {}): ResultVariable {
  const good = {
    name: 'x',
    type: 'int',
    bytes: 1,
    format: 'json' as const,
    reason: null,
    kept: null
  };
  return { ...good, files: [fileOf('1')], ...change };
}

const ESCAPES = [
  '../../../etc/passwd',
  '/etc/passwd',
  '..',
  '.',
  '',
  'a/b',
  '~/.ssh/id_rsa',
  '$(touch canary)',
  '`touch canary`',
  '; touch canary',
  '-rf',
  '--help',
  'a\nb',
  'a\0b',
  '%2e%2e%2f',
  'x'.repeat(10_000)
];
const NAMES = [
  ...[
    '__builtins__',
    '__import__',
    '__name__',
    '',
    '1x',
    'a b',
    'a.b',
    'x;y',
    '<img src=x onerror=alert(1)>'
  ],
  ...[
    '\u001b[2J',
    'a\nb',
    'x'.repeat(501),
    '../x',
    '"',
    "'",
    'a\u202eb',
    '$x',
    'a-b',
    'x()',
    ' x',
    '\0'
  ]
];
const WORDS = [
  '\u001b[2J\u001b]0;owned\u0007',
  '\u001b]8;;http://evil\u0007click\u001b]8;;\u0007',
  '<script>alert(1)</script>\u009b31m',
  'a\rb\nc\u2028d\u202ee\u200b',
  'x'.repeat(100_000)
];
const SIZES = [1e10, 1e15, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER + 1, 1.5];

type Hostile = { point: string; told: ResultVariable };

function hostile(): Hostile[] {
  const found: Hostile[] = [];
  const add = (point: string, change: Partial<ResultVariable>): void => {
    found.push({ point, told: result(change) });
  };
  for (const path of ESCAPES) {
    add('path escapes', { files: [{ ...fileOf('1'), path }] });
    add('path escapes', { files: [{ ...fileOf('1'), path, sha256: path }] });
    add('path escapes', { kept: 'large', reason: '', files: [{ ...fileOf('1'), sha256: path }] });
    add('path escapes', { kept: 'withheld', reason: '', files: [{ ...fileOf('1'), path }] });
  }
  for (const name of NAMES) {
    add('names', { name });
    add('names', { name, kept: 'large', reason: 'large' });
  }
  for (const bytes of SIZES) {
    add('claims of size', { files: [{ ...fileOf('1'), bytes }] });
    add('claims of size', { bytes, files: [{ ...fileOf('1'), bytes }] });
  }
  add('claims of size', {
    files: Array.from({ length: 10_001 }, (_, i) => fileOf(String(i), `r${i}`))
  });
  add('claims of size', { files: [fileOf('1'), fileOf('2')] });
  for (const format of ['pickle', 'pickle', null] as const) {
    add('pickles by themselves', { format });
    add('pickles by themselves', { format, files: [fileOf('1', 'pickle')] });
  }
  add('pickles by themselves', { files: [], reason: null });
  return found;
}

describe('what a worker tells of its results is not taken on trust', () => {
  const all = hostile();
  const points = [...new Set(all.map(({ point }) => point))];

  it.each(points)('%s: nothing of it comes as a value', point => {
    const own = all.filter(each => each.point === point);
    let bound = 0;
    for (const { told } of own) {
      const [judged] = judgeResults([told], CONTEXT);
      const { variable, files } = judged ?? { variable: null, files: [] };
      const isTaken = variable?.reason === null;
      bound += isTaken ? 1 : 0;
      expect(files.every(({ path }) => /^[0-9a-f]{64}$/.test(path))).toBe(true);
    }
    recordTrials({
      suite: 'malicious results',
      point: `told by a worker: ${point}`,
      trials: own.length,
      counts: { executed: 0, refused: own.length - bound, harmless: bound }
    });
    expect(bound).toBe(0);
  });

  it('words that act on a screen are plain, and short', () => {
    for (const words of WORDS) {
      const judged = judgeResults([result({ type: words, reason: words })], CONTEXT);
      const { type, reason } = judged[0]?.variable ?? {};
      for (const text of [type ?? '', reason ?? '']) {
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
        expect(text.length).toBeLessThanOrEqual(1000);
      }
    }
  });

  it('the smallest come, up to the limit; what shares files counts once', () => {
    const big = fileOf('b'.repeat(600));
    const other = fileOf('c'.repeat(500));
    const told = [
      result({ name: 'over', files: [big, { ...other, role: 'second' }] }),
      result({ name: 'one', files: [big] }),
      result({ name: 'two', files: [big] }),
      result({ name: 'small' })
    ];
    const judged = judgeResults(told, CONTEXT).map(({ variable }) => [
      variable.name,
      variable.kept
    ]);
    expect(judged).toEqual([
      ['over', 'large'],
      ['one', null],
      ['two', null],
      ['small', null]
    ]);
  });

  it('what was told last of a name counts, and never twice', () => {
    const told = [result({ files: [fileOf('1')] }), result({ files: [fileOf('2')] })];
    const judged = judgeResults(told, CONTEXT);
    expect(judged.map(({ files }) => files[0]?.sha256)).toEqual([hash('2')]);
  });
});

describe('values of other tasks and attempts', () => {
  const own = { task: 'sl-a', attempt: 1, key: 'ab'.repeat(32) };
  const line = { seq: 1, at: 0, type: 'variable', data: result() };
  const forged = sealed(own, line);
  const REPLAYS: Readonly<Record<string, string>> = {
    'another task': sealed({ ...own, task: 'sl-b' }, line),
    'an earlier attempt': sealed({ ...own, attempt: 0 }, line),
    'another key': sealed({ ...own, key: 'cd'.repeat(32) }, line),
    'no seal': JSON.stringify(line),
    'the seal of another line': forged.replace('"x"', '"y"'),
    'the seal of an end': sealedEnd(own, line),
    'a seal twice': `${forged.slice(0, -1)},"seal":"${'0'.repeat(32)}"}`,
    'a seal of nothing': forged.replace(/[0-9a-f]{32}"}$/, '"}'),
    'its own word that it is sealed': sealed({ ...own, attempt: 0 }, { ...line, unverified: false })
  };

  it.each(Object.keys(REPLAYS))('sealed by %s: mere text', words => {
    const check = sealCheck({ ...own, what: 'line' });
    const { lines } = splitLines(Buffer.from(`${REPLAYS[words] ?? ''}\n`), check);
    const taken = lines.filter(each => each.type === 'variable').length;
    recordTrials({
      suite: 'malicious results',
      point: `a value sealed by ${words}`,
      trials: 1,
      counts: { executed: 0, refused: 1 - taken, harmless: taken }
    });
    expect(taken).toBe(0);
    expect(splitLines(Buffer.from(`${forged}\n`), check).lines[0]?.type).toBe('variable');
  });
});

describe('files of results that are not what was told', () => {
  let folder: string;
  let transport: ITransport;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-bring-'));
    mkdirSync(join(folder, 'there'));
    transport = createLocalTransport({ umask: 0o022 });
  });

  afterEach(async () => {
    await transport.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (file: ResultFile, text: string | Buffer): void => {
    writeFileSync(join(folder, 'there', file.sha256), text);
  };

  const bring = (
    files: ResultFile[],
    home = join(folder, 'home')
  ): Promise<Map<string, BroughtFile>> =>
    bringResults(files, {
      transport,
      folder: join(folder, 'there'),
      home,
      signal: AbortSignal.timeout(60_000)
    });

  const DAMAGES: readonly [string, (file: ResultFile, text: string) => void][] = [
    [
      'is another file',
      (file, text) => {
        write(file, text.replace(/./g, 'z'));
      }
    ],
    [
      'is cut short',
      (file, text) => {
        write(file, text.slice(0, -1));
      }
    ],
    [
      'begins with something else',
      (file, text) => {
        write(file, `more${text}`);
      }
    ],
    [
      'is empty',
      file => {
        write(file, '');
      }
    ],
    ['is not there', () => undefined],
    [
      'is a folder',
      file => {
        mkdirSync(join(folder, 'there', file.sha256));
      }
    ],
    [
      'is a pipe',
      file => {
        spawnSync('mkfifo', [join(folder, 'there', file.sha256)]);
      }
    ],
    [
      'leads elsewhere',
      file => {
        symlinkSync('/etc/passwd', join(folder, 'there', file.sha256));
      }
    ],
    [
      'leads nowhere',
      file => {
        symlinkSync('/no', join(folder, 'there', file.sha256));
      }
    ],
    [
      'leads to a device',
      file => {
        symlinkSync('/dev/zero', join(folder, 'there', file.sha256));
      }
    ]
  ];

  it.each(DAMAGES)('one that %s says so; the others come', async (words, damage) => {
    const random = dice(SEED);
    const trials = trialCount(1, 20);
    let taken = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      const texts = Array.from(
        { length: 5 },
        (_, i) => `${trial} ${i} ${'x'.repeat(Math.floor(random() * 5000) + 1)}`
      );
      const files = texts.map(text => fileOf(text));
      const bad = Math.floor(random() * 5);
      files.forEach((file, i) => {
        if (i === bad) {
          damage(file, texts[i] ?? '');
        } else {
          write(file, texts[i] ?? '');
        }
      });
      const brought = await bring(files);
      files.forEach((file, i) => {
        const came = brought.get(file.sha256);
        if (i === bad) {
          expect(came).toMatchObject({ isLocal: false });
          taken += readdirSync(join(folder, 'home')).includes(file.sha256) ? 1 : 0;
        } else {
          expect(came).toEqual({ path: join(folder, 'home', file.sha256) });
          expect(readFileSync(join(folder, 'home', file.sha256), 'utf8')).toBe(texts[i]);
        }
      });
    }
    recordTrials({
      suite: 'malicious results',
      point: `a file that ${words}`,
      trials,
      counts: { executed: 0, refused: trials - taken, harmless: taken }
    });
    expect(taken).toBe(0);
  });

  it('what came before is not asked for again', async () => {
    const file = fileOf('once');
    write(file, 'once');
    await bring([file]);
    rmSync(join(folder, 'there'), { recursive: true });
    expect(await bring([file])).toEqual(
      new Map([[file.sha256, { path: join(folder, 'home', file.sha256) }]])
    );
  });

  it('large and small ones come whole', async () => {
    const random = dice(SEED);
    const texts = [9_000_000, 8_400_000, 300, 0, 20_000_000].map(size =>
      Buffer.alloc(size, Math.floor(random() * 256))
    );
    const files = texts.map(text => fileOf(text));
    files.forEach((file, i) => {
      write(file, texts[i] ?? Buffer.alloc(0));
    });
    const brought = await bring(files);
    expect([...brought.values()].every(each => 'path' in each)).toBe(true);
    expect(files.map(({ sha256 }) => hash(readFileSync(join(folder, 'home', sha256))))).toEqual(
      files.map(({ sha256 }) => sha256)
    );
  });

  it('on a full disk here what fits comes, and the rest says why and leaves no half', async () => {
    const home = join(folder, 'small');
    mkdirSync(home);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', home]).status === 0;
    if (!mounted) {
      // Without the right to mount, a disk that cannot be written stands in.
      rmSync(home, { recursive: true });
      symlinkSync('/proc/sys/kernel', home);
    }
    try {
      const texts = ['fits', 'x'.repeat(3_000_000), Buffer.alloc(12_000_000, 7), 'too'];
      const files = texts.map(text => fileOf(text));
      files.forEach((file, i) => {
        write(file, texts[i] ?? '');
      });
      const brought = await bring(files, home);
      const came = files.map(({ sha256 }) => brought.get(sha256) ?? { path: '' });
      expect(came.map(each => 'path' in each)).toEqual(
        mounted ? [true, false, false, true] : [false, false, false, false]
      );
      expect(came[2]).toMatchObject({ isLocal: true });
      if (mounted) {
        const problem = `there is no room for 12.0 MB in ${home}: the disk here is full`;
        expect(came[2]).toMatchObject({ problem });
        expect(readdirSync(home).sort()).toEqual([hash('fits'), hash('too')].sort());
      }
    } finally {
      spawnSync('umount', [home]);
    }
  });
});
