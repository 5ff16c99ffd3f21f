import { z } from 'zod';

/** What a login asks of a person, shown by whoever is there: page, terminal or notebook. */
export const promptSchema = z.object({
  id: z.string(),
  /** Name of a target that uses the host. */
  target: z.string(),
  /** The host that asks, as the person names it; a jump host asks for itself. */
  host: z.string(),
  kind: z.enum(['password', 'passphrase', 'question', 'host-key']),
  /** The server's own words, without control characters; may be empty. */
  text: z.string(),
  /** None where a yes is enough; an empty list of answers then means yes. */
  fields: z.array(z.object({ label: z.string(), secret: z.boolean() })),
  /** Of a host key that is not known yet. */
  hostKey: z
    .object({ algorithm: z.string(), fingerprint: z.string(), knownHosts: z.string() })
    .nullable()
    .default(null),
  /** Milliseconds since the epoch here. */
  openedAt: z.number(),
  expiresAt: z.number(),
  /** A page shows it, so that a notebook's kernel need not. */
  isShown: z.boolean()
});

/** `GET /api/prompts`: those that nobody has answered. */
export const promptListSchema = z.object({
  prompts: z.array(promptSchema),
  /** Changes with what is open: a client gives it back to wait for news. */
  revision: z.number().default(0)
});

/** Body of `POST /api/prompts/{id}`: one answer for each field, or null to give the login up. */
export const promptAnswerSchema = z.object({ answers: z.array(z.string()).nullable() });

/** Answer to it, when it was in time. */
export const promptAnsweredSchema = z.object({ id: z.string() });

export type Prompt = z.infer<typeof promptSchema>;
export type PromptList = z.infer<typeof promptListSchema>;
export type PromptAnswer = z.infer<typeof promptAnswerSchema>;
