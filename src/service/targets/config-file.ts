import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import { z } from 'zod';
import { SluiceError } from '../../shared/errors';
import { resourcesSchema } from '../../shared/wire/resources';
import { parseBytes } from '../../shared/parse-bytes';
import { hashOf } from './consents';

const environment = z.union([
  z.enum(['auto', 'none']),
  z.object({ path: z.string() }).strict(),
  z.object({ modules: z.array(z.string()) }).strict(),
  z.object({ container: z.string() }).strict()
]);

const fetchSchema = z
  .object({
    include: z.array(z.string()).default([]),
    exclude: z.array(z.string()).default([]),
    max: z
      .string()
      .refine(text => parseBytes(text) !== null, 'a size such as 500M or 8G')
      .transform(text => parseBytes(text) ?? 0)
      .optional()
  })
  .strict();

const targetSchema = resourcesSchema
  .extend({
    host: z.string().min(1).optional(),
    ssh_config: z.string().optional(),
    transport: z.enum(['ssh2', 'openssh']).optional(),
    scheduler: z.enum(['slurm', 'process']).optional(),
    root: z
      .string()
      .regex(/^(\/|~\/)[^\0\n\r]*$/, 'an absolute path, or one that begins with ~/')
      .optional(),
    setup: z.array(z.string()).optional(),
    python: z.string().min(1).optional(),
    environment: environment.optional(),
    trust: z.enum(['none', 'outputs', 'pickles']).optional(),
    max_variable: z
      .string()
      .refine(text => parseBytes(text) !== null, 'a size such as 500M or 8G')
      .transform(text => parseBytes(text) ?? 0)
      .optional(),
    keep_days: z.number().nonnegative().optional(),
    keep_size: z
      .string()
      .refine(text => parseBytes(text) !== null, 'a size such as 500M or 8G')
      .transform(text => parseBytes(text) ?? 0)
      .optional(),
    poll_seconds: z.number().positive().max(86_400).optional(),
    rehearse_seconds: z.number().positive().max(600).optional(),
    paths: z.record(z.string(), z.string()).optional(),
    fetch: fetchSchema.optional()
  })
  .strict();

const configSchema = z
  .object({
    default: z.string().optional(),
    include: z.array(z.string()).optional(),
    exclude: z.array(z.string()).optional(),
    fetch: fetchSchema.optional(),
    keep_history_days: z.number().nonnegative().max(36_500).optional(),
    targets: z
      .record(z.string().regex(/^[\w.-]+$/, 'letters, digits, . _ and -'), targetSchema)
      .default({})
  })
  .strict();

export type TargetEntry = z.infer<typeof targetSchema>;
export type FetchEntry = z.infer<typeof fetchSchema>;
export type ConfigFile = {
  path: string;
  /** Of its bytes, as they were read. */
  sha256: string;
  default: string | null;
  include: string[];
  exclude: string[];
  fetch: FetchEntry | null;
  keepHistoryDays: number | null;
  targets: Record<string, TargetEntry>;
};

/** The first problem in words, with the key it concerns. */
function describe(error: z.ZodError): string {
  const issue = error.issues[0];
  const where = issue?.path.join('.') ?? '';
  return where === '' ? String(issue?.message) : `${where}: ${String(issue?.message)}`;
}

function parseConfig(path: string, bytes: Buffer): ConfigFile {
  const text = bytes.toString();
  let data: unknown;
  try {
    data = parse(text);
  } catch (cause) {
    const problem = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new SluiceError('config-invalid', { path, problem }, { cause });
  }
  const result = configSchema.safeParse(data);
  if (!result.success) {
    throw new SluiceError('config-invalid', { path, problem: describe(result.error) });
  }
  const { default: named = null, include = [], exclude = [], fetch = null, targets } = result.data;
  const keepHistoryDays = result.data.keep_history_days ?? null;
  const sha256 = hashOf(bytes);
  return { path, sha256, default: named, include, exclude, fetch, keepHistoryDays, targets };
}

/**
 * Read a configuration file; null when there is none.
 *
 * Errors: `config-invalid`, naming the key.
 */
export function readConfigFile(path: string): ConfigFile | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      return null;
    }
    throw new SluiceError('config-invalid', { path, problem: String(cause) }, { cause });
  }
  return parseConfig(path, bytes);
}
