/** A source of numbers in [0, 1) that a seed determines (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Pieces that one shell or another takes for more than letters. */
const PIECES = [
  ...Array.from(`'"\`\\$!#%&*()[]{}<>|;?~^=+-:,.@/ \t\n\r`),
  "'\\''",
  '"$(',
  ')"',
  '$((1+1))',
  '${HOME}',
  '$HOME',
  '!!',
  '!$',
  '~root',
  '&&',
  '||',
  '>>',
  '<<EOF\n',
  '\nEOF\n',
  '{a,b}',
  '[!a]',
  '-n',
  '--',
  '%s',
  '%n',
  '\\n',
  '\\0',
  '\\x41',
  '\u001b[31m',
  '\u0007',
  '\u007f',
  '\u0001',
  '\u00a0',
  'ü',
  '漢',
  '🚀',
  '\u202e',
  '\u2028',
  'END_OF_PLACES',
  'eval',
  'exit 3',
  'a',
  'B',
  '0'
] as const;

/** Ways in which a careless line would run a command. */
const ATTACKS = (command: string): string[] => [
  `$(${command})`,
  `\`${command}\``,
  `; ${command} ;`,
  `\n${command}\n`,
  `' ; ${command} ; '`,
  `" ; ${command} ; "`,
  `| ${command}`,
  `&& ${command}`,
  `\\'; ${command} #`,
  `(${command})`,
  `<(${command})`,
  `\${x:-$(${command})}`,
  `\r${command}\r`
];

/** Any words at all but for NUL, which no shell word can hold; some would run `command` if they could. */
export function* hostileWords(
  count: number,
  { seed, command }: { seed: number; command: string }
): Generator<string> {
  const random = seededRandom(seed);
  const pieces = [...PIECES, ...ATTACKS(command)];
  const pick = (): string => pieces[Math.floor(random() * pieces.length)] ?? '';
  for (let made = 0; made < count; made += 1) {
    const length = Math.floor(random() * 12);
    yield Array.from({ length }, pick).join('');
  }
}
