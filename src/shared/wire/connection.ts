import { z } from 'zod';

/** The one connection to a host, as far as it matters to a person. */
export const connectionSchema = z.object({
  state: z.enum([
    /** Not connected; the next call connects without a person. */
    'idle',
    'connecting',
    /** A prompt is open. */
    'asking',
    'connected',
    /** It needs a person: “Log in” begins. */
    'needs-login',
    /** After refused logins nothing is tried until `notBefore`, or until the person says so. */
    'paused'
  ]),
  via: z.enum(['local', 'ssh2', 'openssh']),
  /** Why this way was chosen, or why it is not connected; for a person. */
  words: z.string().nullable(),
  /** Milliseconds since the epoch here. */
  since: z.number().nullable(),
  notBefore: z.number().nullable()
});

/** Body of `POST /api/login/{target}` and `POST /api/logout/{target}`. */
export const loginRequestSchema = z.object({ projectDir: z.string().nullable().default(null) });

/** Answer to both, once it has succeeded; a login that fails answers with its error. */
export const loginAnswerSchema = z.object({ connection: connectionSchema });

export type Connection = z.infer<typeof connectionSchema>;
