import { z } from 'zod';
import { sbatchOptionProblem } from '../sbatch-options';

const name = z
  .string()
  .regex(/^[\w.+:@=/,-]+$/, 'may have letters, digits and . + : @ = / , - only');
const count = z.number().int().positive();
const sbatchOption = z
  .string()
  .regex(/^--?[A-Za-z][^\0\n\r]*$/, 'must be an option such as --mail-type=FAIL')
  .superRefine((option, context) => {
    const problem = sbatchOptionProblem(option);
    if (problem !== null) {
      context.addIssue({ code: 'custom', message: problem });
    }
  });

/** What a job asks Slurm for. Absent: what the target or the site says. */
export const resourcesSchema = z
  .object({
    partition: name.optional(),
    account: name.optional(),
    qos: name.optional(),
    constraint: z
      .string()
      .regex(/^[\w.+:@=/,|&!*()[\]-]+$/)
      .optional(),
    nodes: count.optional(),
    cpus: count.optional(),
    memory: z
      .string()
      .regex(/^\d+(\.\d+)?[KMGT]?B?$/i, 'must be a size such as 8G')
      .optional(),
    gpus: z.union([count, z.string().regex(/^[\w.-]+(:\d+)?$/)]).optional(),
    time: z
      .string()
      .regex(
        /^(\d+|\d+:\d{1,2}|\d+:\d{1,2}:\d{1,2}|\d+-\d+(:\d{1,2}){0,2}|UNLIMITED|INFINITE)$/i,
        'must be a time such as 1:00:00'
      )
      .optional(),
    /** Whether Slurm may start the job again after preemption or a node's failure; absent: as the site has it. */
    requeue: z.boolean().optional(),
    /** Options passed to sbatch as they are. */
    sbatch: z.array(sbatchOption).optional()
  })
  .strict();

export type Resources = z.infer<typeof resourcesSchema>;
