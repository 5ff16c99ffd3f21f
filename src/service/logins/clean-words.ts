// Escape sequences of terminals: colours, cursor, window titles.
// eslint-disable-next-line no-control-regex -- they are what is looked for
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~])/g;
// What moves the cursor, or turns a line around.
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

const LONGEST_TEXT = 4000;
const LONGEST_LABEL = 300;

function clean(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replaceAll('\t', ' ')
    .replace(ESCAPES, '')
    .replace(CONTROLS, '');
}

/** A server's words as they may be shown: its lines, without anything that a terminal would obey. */
export function cleanText(text: string): string {
  return clean(text.slice(0, 2 * LONGEST_TEXT))
    .trim()
    .slice(0, LONGEST_TEXT);
}

/** The same in one line. */
export function cleanLabel(text: string): string {
  return clean(text.slice(0, 2 * LONGEST_LABEL))
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, LONGEST_LABEL);
}
