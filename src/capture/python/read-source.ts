import type { IFileTree } from '../file-tree';
import { sourceEncoding } from './source-encoding';
import type { SourceFault } from './source-fault';

/** A source as text, and what keeps Python from reading it. */
export type SourceText = { text: string; fault: SourceFault | null };

/** Decode a module as Python would, by its coding line; what Python refuses is still read. */
export function readSource(bytes: Uint8Array, files: Pick<IFileTree, 'decode'>): SourceText {
  const text = files.decode(bytes);
  const encoding = sourceEncoding(text);
  if (encoding !== null && encoding.label !== 'utf-8') {
    return readEncoded(bytes, encoding, files);
  }
  const at = text.indexOf('\ufffd');
  // The character itself may well stand in a source: in UTF-8 it is these three bytes.
  if (at === -1 || hasReplacement(bytes)) {
    return { text, fault: null };
  }
  const line = text.slice(0, at).split('\n').length;
  const problem = 'it is not UTF-8, and no coding line says what it is';
  return { text, fault: { line, problem, isSure: true } };
}

function readEncoded(
  bytes: Uint8Array,
  encoding: { name: string; label: string },
  files: Pick<IFileTree, 'decode'>
): SourceText {
  try {
    return { text: files.decode(bytes, encoding.label), fault: null };
  } catch (error) {
    if ((error as Error).name !== 'RangeError') {
      throw error;
    }
    const problem = `its encoding ${encoding.name} is not known here`;
    return { text: files.decode(bytes), fault: { line: 1, problem, isSure: false } };
  }
}

function hasReplacement(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(0xef); at !== -1; at = bytes.indexOf(0xef, at + 1)) {
    if (bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd) {
      return true;
    }
  }
  return false;
}
