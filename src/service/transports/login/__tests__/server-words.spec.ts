import { cleanQuestion } from '../clean-question';
import { cleanServerWords } from '../server-words';

describe('a server’s words', () => {
  it.each([
    ['plain words', 'Passcode or option (1-3): ', 'Passcode or option (1-3):'],
    ['letters of any script', 'Contraseña für 漢字, عربي 🚀', 'Contraseña für 漢字, عربي 🚀'],
    ['colours', '\u001b[1;31mred\u001b[0m \u009b32mgreen', 'red green'],
    ['a cursor that goes back', 'real\u001b[2K\u001b[1Gfake', 'realfake'],
    ['a window title', 'a\u001b]0;owned\u0007b', 'ab'],
    ['a link', '\u001b]8;;http://evil\u001b\\here\u001b]8;;\u001b\\', 'here'],
    ['a device string', 'a\u001bPq#0\u001b\\b', 'ab'],
    ['a C1 string', 'a\u009d0;title\u009cb', 'ab'],
    ['a reset', 'a\u001bcb\u001b(0c', 'abc'],
    ['an escape at the end', 'a\u001b', 'a'],
    ['an escape that has no end', 'a\u001b[31', 'a'],
    ['bells, backspaces and deletes', 'a\u0007b\u0008c\u007fd\u0000e', 'abcde'],
    ['line ends of all kinds', 'a\r\nb\rc\u0085d\u2028e\u000bf', 'a\nb\nc\nd\ne\nf'],
    ['tabs', 'a\tb', 'a b'],
    ['directions of writing', 'abc\u202etxt.exe\u202c \u2066x\u2069\u200f\u061c', 'abctxt.exe x'],
    ['what is not seen', 'pa\u200bss\u00adwo\ufeffrd\u2060\u{e0041}\u034f\u3164', 'password'],
    ['half a character', 'a\ud800b', 'ab'],
    ['many empty lines', '\n\n\na\n \n\n\nb\n\n', 'a\n\nb'],
    ['nothing', '\u001b[0m\u200b\r\n', '']
  ])('%s: what is left can be shown', (_, words, shown) => {
    expect(cleanServerWords(words)).toBe(shown);
  });

  it('are cut where they never end', () => {
    expect(cleanServerWords('🚀'.repeat(100_000))).toBe(`${'🚀'.repeat(3999)}…`);
    expect(cleanServerWords('\u001b'.repeat(1_000_000))).toBe('');
  });

  it('have no control character left, whatever they are', () => {
    const all = Array.from({ length: 0x10ffff }, (_, code) => String.fromCodePoint(code));
    for (let at = 0; at < all.length; at += 1000) {
      const shown = cleanServerWords(all.slice(at, at + 1000).join('x'));
      expect(shown).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
    }
  });
});

describe('a question', () => {
  const question = { host: 'login1', kind: 'question', text: 'Hello\u0007' } as const;

  it('has the last line of a prompt as its label, and the others in its text', () => {
    const fields = [{ label: 'Duo login\n\n 1. Push\n\nPasscode: ', secret: true }];
    expect(cleanQuestion({ ...question, fields })).toEqual({
      ...question,
      text: 'Hello\nDuo login\n\n 1. Push',
      fields: [{ label: 'Passcode:', secret: true }]
    });
  });

  it('says nothing that acts about a host key', () => {
    const hostKey = { algorithm: 'ED\u001b[2J', fingerprint: 'SHA256:\u202ex', knownHosts: '/k' };
    expect(cleanQuestion({ ...question, kind: 'host-key', fields: [], hostKey }).hostKey).toEqual({
      algorithm: 'ED',
      fingerprint: 'SHA256:x',
      knownHosts: '/k'
    });
  });
});
