import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Target, Trust } from './target';

/** What an answer belongs to: another host behind the same name is asked about anew. */
export type TrustPlace = Pick<Target, 'name' | 'host' | 'sshConfig'>;

const entry = z.object({
  name: z.string(),
  host: z.string().nullable(),
  sshConfig: z.string().nullable(),
  trust: z.enum(['none', 'outputs', 'pickles'])
});
const fileSchema = z.object({ version: z.literal(1), answers: z.array(entry) });

type Entry = z.infer<typeof entry>;

const isSame = (a: TrustPlace, b: TrustPlace): boolean =>
  a.name === b.name && a.host === b.host && a.sshConfig === b.sshConfig;

/** How far persons trust targets that their own configuration file does not hold; `trust.json`, 0600. */
export class KnownTrust {
  private answers: readonly Entry[] | null = null;

  constructor(readonly path: string) {}

  /** Null: nobody has answered. */
  find(place: TrustPlace): Trust | null {
    return this.read().find(each => isSame(each, place))?.trust ?? null;
  }

  /** Remember an answer, on disk when it returns. */
  keep({ name, host, sshConfig }: TrustPlace, trust: Trust): void {
    const place = { name, host, sshConfig };
    const others = this.read().filter(each => !isSame(each, place));
    const answers = [...others, { ...place, trust }];
    const aside = `${this.path}.${randomBytes(4).toString('hex')}`;
    try {
      const body = JSON.stringify({ version: 1, answers });
      writeFileSync(aside, body, { mode: 0o600, flag: 'wx', flush: true });
      renameSync(aside, this.path);
    } finally {
      rmSync(aside, { force: true });
    }
    this.answers = answers;
  }

  private read(): readonly Entry[] {
    this.answers ??= this.load();
    return this.answers;
  }

  /** A file that cannot be understood answers nothing: then the person is asked again. */
  private load(): Entry[] {
    let data: unknown;
    try {
      data = JSON.parse(readFileSync(this.path, 'utf8'));
    } catch (error) {
      if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') {
        return [];
      }
      throw error;
    }
    const file = fileSchema.safeParse(data);
    return file.success ? file.data.answers : [];
  }
}
