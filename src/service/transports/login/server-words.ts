const ESC = String.fromCharCode(0x1b);
const BELL = String.fromCharCode(0x07);

/** What an escape sequence of a terminal looks like. */
const ESCAPES = new RegExp(
  [
    // Colours, positions and the like, up to their last letter.
    `(?:${ESC}\\[|\u009b)[0-?]*[ -/]*[@-~]?`,
    // Titles, links and other strings, up to their end.
    `(?:${ESC}[\\]PX^_]|[\u0090\u0098\u009d-\u009f])[^${BELL}${ESC}\u009c]*(?:${BELL}|${ESC}\\\\|\u009c)?`,
    // All others.
    `${ESC}[ -/]*[0-~]?`
  ].join('|'),
  'g'
);

/** Line ends of every kind; a bare return must not write over what stands before it. */
const LINE_ENDS = /\r\n|[\r\n\v\f\u0085\u2028\u2029]/g;

/** What is not seen and changes what is: controls, directions of writing, joiners, tags, halves of characters. */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u115f\u1160\u3164\uffa0]|\u034f|\u17b4|\u17b5|[\ufe00-\ufe0f]/gu;

const MOST_CHARACTERS = 4000;

/** A server's words as they may be shown to a person: text and line ends, nothing that acts. */
export function cleanServerWords(words: string, mostCharacters = MOST_CHARACTERS): string {
  // Far more than is shown, and little enough to be looked at.
  const text = words
    .slice(0, 4 * mostCharacters)
    .replace(ESCAPES, '')
    .replace(LINE_ENDS, '\n')
    .replaceAll('\t', ' ')
    .split('\n')
    .map(line => line.replace(UNSEEN, '').trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+|\n+$/g, '');
  const characters = [...text];
  return characters.length <= mostCharacters
    ? text
    : `${characters.slice(0, mostCharacters - 1).join('')}…`;
}
