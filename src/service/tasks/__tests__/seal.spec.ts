import { sealed, sealedEnd } from '../../../testing/sealed-lines';
import { sealCheck } from '../seal';
import { splitLines } from '../split-lines';

const KEY = 'ab'.repeat(32);
const at = { task: 'sl-a', attempt: 1, key: KEY };
const isSealed = sealCheck({ ...at, what: 'line' });

const said = (seq: number, text: string): Record<string, unknown> => ({
  seq,
  at: 0.5,
  type: 'stream',
  data: { name: 'stdout', text }
});

const check = (text: string): boolean => isSealed(Buffer.from(text));

describe('the seal of a worker', () => {
  it('is that of the other side’s arithmetic', () => {
    // Made with Python: hmac.new(bytes.fromhex('ab' * 32), b'sl-a\n1\n{"seq":1', 'sha256').
    expect(check('{"seq":1,"seal":"94d93dd8aad8cb1da1db4de3f6b07c2c"}')).toBe(true);
  });

  it('holds for a line as its worker wrote it, whatever it says', () => {
    for (const text of ['x', 'ünï', '\u2028"', '","seal":"', 'y'.repeat(100_000)]) {
      expect(check(sealed(at, said(1, text)))).toBe(true);
    }
  });

  it.each([
    ['another task', { task: 'sl-b' }],
    ['another attempt', { attempt: 0 }],
    ['another key', { key: 'ba'.repeat(32) }]
  ])('of %s does not hold', (_, other) => {
    expect(check(sealed({ ...at, ...other }, said(1, 'x')))).toBe(false);
  });

  it('of a line is none of an end record, nor the other way round', () => {
    const isSealedEnd = sealCheck({ ...at, what: 'end' });
    expect(isSealedEnd(Buffer.from(sealed(at, said(1, 'x'))))).toBe(false);
    expect(isSealedEnd(Buffer.from(sealedEnd(at, { status: 'ok' })))).toBe(true);
    expect(check(sealedEnd(at, { status: 'ok' }))).toBe(false);
  });

  it('does not hold for any other bytes', () => {
    const line = sealed(at, said(1, 'what it said'));
    for (let i = 0; i < line.length; i += 1) {
      const other = line.charCodeAt(i) === 0x30 ? '1' : '0';
      expect([i, check(line.slice(0, i) + other + line.slice(i + 1))]).toEqual([i, false]);
      expect([i, check(line.slice(0, i))]).toEqual([i, false]);
    }
    expect(check(`${line} `)).toBe(false);
    expect(check(line.replace(/[a-f]/g, letter => letter.toUpperCase()))).toBe(false);
    expect(check(`${line.slice(0, -2)}","more":1}`)).toBe(false);
  });

  it('lets through what has it, and takes all but the words from what has not', () => {
    const variable = {
      ...{ name: 'x', type: 'int', bytes: 1, format: 'json', reason: null },
      files: [{ role: 'json', path: 'a', sha256: 'a', bytes: 1 }]
    };
    const html = { 'text/html': '<script>', 'text/plain': 'a table' };
    const lines = [
      sealed(at, said(1, 'mine')),
      JSON.stringify({ ...said(2, 'forged'), unverified: true }),
      JSON.stringify({ seq: 3, at: 0, type: 'variable', data: variable }),
      JSON.stringify({
        ...{ seq: 4, at: 0, type: 'display_data' },
        data: { data: html, metadata: {}, transient: { display_id: 'd' } }
      }),
      sealed({ ...at, attempt: 0 }, { ...said(5, ''), type: 'clear_output', data: { wait: false } })
    ];
    const split = splitLines(Buffer.from(`${lines.join('\n')}\n{"half`), isSealed);
    expect(split.lines[0]).toEqual(said(1, 'mine'));
    const rest = split.lines.slice(1);
    expect(rest.map(({ type, unverified }) => [type, unverified])).toEqual(
      rest.map(() => ['stream', true])
    );
    expect(rest.map(({ seq }) => seq)).toEqual([2, 3, 4, 5]);
    const texts = rest.map(line => (line.type === 'stream' ? line.data.text : ''));
    expect([texts[0], texts[2]]).toEqual(['forged', 'a table\n']);
    expect(texts.join()).not.toMatch(/script|sha256/);
  });

  it('is not asked for where the task has no key, and is never taken from the line', () => {
    const line = JSON.stringify({ ...said(1, 'old'), unverified: true });
    const split = splitLines(Buffer.from(`${line}\nnoise\n`), null);
    expect(split.lines).toEqual([said(1, 'old')]);
    expect(split.unreadable).toEqual(['noise']);
  });
});
