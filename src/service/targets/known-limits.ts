import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { type Limits, limitsSchema } from '../../shared/wire/limits';
import type { Target } from './target';

/** Which cluster, and with which root: what limits belong to. */
export type LimitsPlace = Pick<Target, 'host' | 'sshConfig' | 'root'>;

export const FRESH_MS = 24 * 3_600_000;
const MOST_PLACES = 200;

const fileSchema = z.object({ version: z.literal(1), places: z.record(z.string(), limitsSchema) });

const keyOf = ({ host, sshConfig, root }: LimitsPlace): string =>
  JSON.stringify([host, sshConfig, root]);

/** What clusters let this person ask for, kept for a day in a file of the state directory. */
export class KnownLimits {
  private places: Map<string, Limits> | null = null;

  constructor(
    private readonly path: string,
    private readonly nowMs: () => number
  ) {}

  /** Null: nobody has looked within a day. */
  find(place: LimitsPlace): Limits | null {
    const limits = this.read().get(keyOf(place));
    return limits !== undefined && this.isFresh(limits) ? limits : null;
  }

  /** Remember, on disk when it returns. */
  keep(place: LimitsPlace, limits: Limits): void {
    const places = this.read();
    places.delete(keyOf(place));
    places.set(keyOf(place), limits);
    const fresh = [...places].filter(([, each]) => this.isFresh(each)).slice(-MOST_PLACES);
    this.places = new Map(fresh);
    const aside = `${this.path}.${randomBytes(4).toString('hex')}`;
    const body = JSON.stringify({ version: 1, places: Object.fromEntries(fresh) });
    try {
      writeFileSync(aside, body, { mode: 0o600, flag: 'wx' });
      renameSync(aside, this.path);
    } finally {
      rmSync(aside, { force: true });
    }
  }

  private isFresh({ learnedAt }: Limits): boolean {
    return Math.abs(this.nowMs() - learnedAt) < FRESH_MS;
  }

  /** It only spares a question: what cannot be read is asked for again. */
  private read(): Map<string, Limits> {
    this.places ??= new Map(Object.entries(this.load()));
    return this.places;
  }

  private load(): Record<string, Limits> {
    let data: unknown;
    try {
      data = JSON.parse(readFileSync(this.path, 'utf8'));
    } catch (error) {
      if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') {
        return {};
      }
      throw error;
    }
    const file = fileSchema.safeParse(data);
    return file.success ? file.data.places : {};
  }
}
