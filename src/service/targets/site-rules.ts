import { parse } from 'smol-toml';
import { z } from 'zod';

/** Where a site's administrators say what Sluice may do on their cluster. */
export const SITE_RULES_PATH = '/etc/sluice/site.toml';

const siteSchema = z.object({
  poll_seconds: z.number().positive().max(86_400).optional(),
  max_connection_minutes: z.number().positive().optional(),
  build_place: z.enum(['login', 'job', 'none']).optional(),
  held_nodes: z.union([z.boolean(), z.number().int().nonnegative()]).optional()
});

/** What a site's administrators cap; null: they say nothing about it. */
export type SiteRules = {
  /** The least time between two questions to the scheduler. */
  pollSeconds: number | null;
  /** How long a connection that a person logged in may be kept. */
  maxConnectionMinutes: number | null;
  /** Where environments may be built. */
  buildPlace: 'login' | 'job' | 'none' | null;
  /** How many nodes may be held between cells; `true`: as many as one likes. */
  heldNodes: number | boolean | null;
};

export const noSiteRules: SiteRules = {
  pollSeconds: null,
  maxConnectionMinutes: null,
  buildPlace: null,
  heldNodes: null
};

/**
 * Read the site's rules. Where the file is broken, what can be read of it counts, and `problem` has
 * words for the rest: an administrator's slip shall stop nobody's work.
 */
export function parseSiteRules(text: string): { rules: SiteRules; problem: string | null } {
  let data: Record<string, unknown>;
  try {
    data = parse(text);
  } catch (error) {
    const problem = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return { rules: noSiteRules, problem: problem ?? 'it is no TOML' };
  }
  const result = siteSchema.safeParse(data);
  if (result.success) {
    return { rules: toRules(result.data), problem: null };
  }
  const wrong = new Set(result.error.issues.map(({ path }) => String(path[0])));
  const rest = Object.fromEntries(Object.entries(data).filter(([key]) => !wrong.has(key)));
  const issue = result.error.issues[0];
  const problem = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it is not understood'}`;
  return { rules: toRules(siteSchema.parse(rest)), problem };
}

function toRules(file: z.infer<typeof siteSchema>): SiteRules {
  return {
    pollSeconds: file.poll_seconds ?? null,
    maxConnectionMinutes: file.max_connection_minutes ?? null,
    buildPlace: file.build_place ?? null,
    heldNodes: file.held_nodes ?? null
  };
}
