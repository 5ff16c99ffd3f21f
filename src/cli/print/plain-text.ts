// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/** Text of others within a line of ours: nothing in it moves the cursor or turns the line around. */
export function plainText(text: string): string {
  return text.replace(CONTROLS, ' ').trim();
}

/** Text of others that may have several lines. */
export function plainLines(text: string): string {
  return text
    .split('\n')
    .map(line => line.replace(CONTROLS, ' ').trimEnd())
    .join('\n');
}
