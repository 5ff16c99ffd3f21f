import { sizeWords } from '../../shared/size-words';

/** Left for what the job itself writes. */
const RESERVE_BYTES = 50 * 10 ** 6;

const FULL = /no space left|quota exceeded|disc quota|file too large|not enough space/i;

/** Whether a host's words mean that nothing more can be written there. */
export function isFull(words: string): boolean {
  return FULL.test(words);
}

/** Why so many bytes will find no room, in words; null: they will, or nothing is known. */
export function roomProblem(bytes: number, roomBytes: number | null): string | null {
  return roomBytes === null || bytes + RESERVE_BYTES <= roomBytes
    ? null
    : `only ${sizeWords(roomBytes)} are free there`;
}
