import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { SluiceError } from '../../shared/errors';
import { type Consent, consentSchema } from '../../shared/wire/decide';

const MOST_FILES = 1000;

const fileSchema = z.object({ version: z.literal(1), files: z.array(consentSchema) });

/** Which bytes of which project files the person has allowed to set what only they may set. */
export class Consents {
  constructor(private readonly path: string) {}

  /** `path` is the file's real one, so that no link lends another file's consent. */
  isAllowed(path: string, sha256: string): boolean {
    return this.read().some(file => file.path === path && file.sha256 === sha256);
  }

  /** Remember, on disk when it returns; the same file's former bytes are no longer allowed. */
  allow({ path, sha256 }: Consent): void {
    const others = this.read().filter(file => file.path !== path);
    const files = [...others, { path, sha256 }].slice(-MOST_FILES);
    const aside = `${this.path}.${randomBytes(4).toString('hex')}`;
    try {
      writeFileSync(aside, JSON.stringify({ version: 1, files }), { mode: 0o600, flag: 'wx' });
      renameSync(aside, this.path);
    } finally {
      rmSync(aside, { force: true });
    }
  }

  /** A file that is not readable allows nothing: the person is asked again. */
  private read(): Consent[] {
    let data: unknown;
    try {
      data = JSON.parse(readFileSync(this.path, 'utf8'));
    } catch (error) {
      if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') {
        return [];
      }
      throw new SluiceError(
        'store-unusable',
        { path: this.path, problem: String(error) },
        { cause: error }
      );
    }
    const file = fileSchema.safeParse(data);
    return file.success ? file.data.files : [];
  }
}

/** The name of a file's bytes. */
export function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
