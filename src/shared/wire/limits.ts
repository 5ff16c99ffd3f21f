import { z } from 'zod';

export const partitionSchema = z.object({
  name: z.string(),
  isDefault: z.boolean(),
  isUp: z.boolean(),
  /** As Slurm writes it (`3-00:00:00`, `infinite`). */
  maxTime: z.string(),
  nodes: z.number().int(),
  cpusPerNode: z.number().int(),
  memoryPerNodeMb: z.number().int(),
  /** Type and number of each node's GPUs, such as `a100:4`. */
  gpus: z.array(z.string())
});

/** What a cluster lets this person ask for; learned by the doctor, kept for a day. */
export const limitsSchema = z.object({
  partitions: z.array(partitionSchema),
  accounts: z.array(z.string()),
  qos: z.array(z.string()),
  /** Milliseconds since the epoch here. */
  learnedAt: z.number()
});

export type Partition = z.infer<typeof partitionSchema>;
export type Limits = z.infer<typeof limitsSchema>;
