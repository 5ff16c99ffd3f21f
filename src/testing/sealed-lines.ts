import { createHmac } from 'node:crypto';

/** Whose seal it is. */
export type Sealer = {
  task: string;
  attempt: number;
  /** Hex. */
  key: string;
};

function seal({ task, attempt, key }: Sealer, what: string, data: object): string {
  const open = JSON.stringify(data).slice(0, -1);
  const hmac = createHmac('sha256', Buffer.from(key, 'hex'));
  const whole = hmac.update(`${task}\n${attempt}\n${what}${open}`).digest('hex');
  return `${open},"seal":"${whole.slice(0, 32)}"}`;
}

/** A line as a worker writes it, without its newline. */
export function sealed(by: Sealer, line: object): string {
  return seal(by, '', line);
}

/** An end record as a worker writes it. */
export function sealedEnd(by: Sealer, record: object): string {
  return seal(by, 'end\n', record);
}
