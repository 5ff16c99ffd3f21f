import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../errors';

const codes = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];

/** Body of every answer that is not 2xx. */
export const errorBodySchema = z.object({
  error: z.object({
    code: z.enum(codes),
    message: z.string(),
    hint: z.string(),
    retry: z.boolean(),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
  })
});

export type ErrorBody = z.infer<typeof errorBodySchema>;
