import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';

/** Tells whether bytes of a host bear the seal of the worker that they are said to come from. */
export type SealCheck = (bytes: Buffer) => boolean;

export type Sealed = {
  task: string;
  attempt: number;
  /** Hex. */
  key: string;
  what: 'line' | 'end';
};

const OPENING = Buffer.from(',"seal":"');
const CLOSING = Buffer.from('"}');
const HEX_LENGTH = 32;
const TAIL_LENGTH = OPENING.length + HEX_LENGTH + CLOSING.length;
const HEX = /^[0-9a-f]{32}$/;

/**
 * The check for one attempt of a task: over the bytes as they came, before anything parses them.
 * What is sealed for another task, attempt or purpose has another seal.
 */
export function sealCheck({ task, attempt, key, what }: Sealed): SealCheck {
  const secret = createSecretKey(key, 'hex');
  const prefix = Buffer.from(`${task}\n${attempt}\n${what === 'end' ? 'end\n' : ''}`);
  return bytes => {
    const at = bytes.length - TAIL_LENGTH;
    if (at < 0 || !isTail(bytes.subarray(at))) {
      return false;
    }
    const hex = bytes.toString('latin1', at + OPENING.length, bytes.length - CLOSING.length);
    const given = Buffer.from(hex, 'hex');
    const full = createHmac('sha256', secret).update(prefix).update(bytes.subarray(0, at)).digest();
    return HEX.test(hex) && timingSafeEqual(given, full.subarray(0, given.length));
  };
}

function isTail(tail: Buffer): boolean {
  const opening = tail.subarray(0, OPENING.length);
  return opening.equals(OPENING) && tail.subarray(-CLOSING.length).equals(CLOSING);
}
