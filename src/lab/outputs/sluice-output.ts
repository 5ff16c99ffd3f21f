import type { Spilled } from '../../shared/wire/events';

/** What Sluice itself puts among the outputs of a cell; the same in words is in `text/plain` beside it. */
export const OUTPUT_MIME_TYPE = 'application/vnd.sluice.output+json';

export type SluiceOutput =
  /** Representations that were too large to travel with the output. */
  | { kind: 'spilled'; task: string; parts: Spilled[] }
  /** What came without a valid seal of the job: only its text. */
  | { kind: 'unsealed'; text: string }
  /** Text that is in the log alone. */
  | { kind: 'more'; task: string; lines: number }
  /** Text that stayed on the cluster. */
  | { kind: 'overflow'; task: string; bytes: number | null };

/** Read one from a document, which may hold anything; null: it is none. */
export function readSluiceOutput(value: unknown): SluiceOutput | null {
  const output = value as Partial<Record<string, unknown>> | null | undefined;
  const { kind, task, parts, text, lines, bytes } = output ?? {};
  if (kind === 'unsealed' && typeof text === 'string') {
    return { kind, text };
  }
  if (typeof task !== 'string') {
    return null;
  }
  if (kind === 'spilled' && Array.isArray(parts) && parts.every(isSpilled)) {
    return { kind, task, parts };
  }
  if (kind === 'more' && typeof lines === 'number') {
    return { kind, task, lines };
  }
  return kind === 'overflow'
    ? { kind, task, bytes: typeof bytes === 'number' ? bytes : null }
    : null;
}

function isSpilled(value: unknown): value is Spilled {
  const { mime, sha256, bytes, form } = (value ?? {}) as Partial<Record<keyof Spilled, unknown>>;
  return (
    typeof mime === 'string' &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256) &&
    typeof bytes === 'number' &&
    (form === 'text' || form === 'json' || form === 'base64')
  );
}
