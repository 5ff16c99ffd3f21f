/** More than that goes faster as a stream of its own. */
const MOST_TEXT = 400_000;
const PIECE_BYTES = 8192;

const PLAIN = /^[\x20-\x24\x26\x28-\x5b\x5d-\x7e]$/;

function escapeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  // All of `%`, `\`, `'` and what is no ASCII as octal digits: three of them, so that none follows.
  return PLAIN.test(character) ? character : `\\${byte.toString(8).padStart(3, '0')}`;
}

const ESCAPED = Array.from({ length: 256 }, (_, byte) => escapeByte(byte));

/**
 * Bytes as a part of a script: text of commands that write them to a pipe. Null where they are too
 * many: a stream of their own costs one more round trip, but no more bytes.
 */
export function inlineBytes(bytes: Buffer): string | null {
  const pieces: string[] = [];
  let length = 0;
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    let text = '';
    for (const byte of bytes.subarray(at, at + PIECE_BYTES)) {
      text += ESCAPED[byte] ?? '';
    }
    length += text.length;
    if (length > MOST_TEXT) {
      return null;
    }
    pieces.push(`printf '${text}'`);
  }
  return `{ ${pieces.join('\n')}\n} |`;
}
