import { z } from 'zod';
import { shQuote } from '../../shared/sh-quote';
import { readLines, sayEachLine } from '../schedulers/reply-lines';

const lookSchema = z
  .object({ seen: z.boolean(), writable: z.boolean(), problem: z.string().optional() })
  .nullable();

/** What the trial job wrote down. */
export const trialReportSchema = z.object({
  node: z.string(),
  python: z.string(),
  /** Whether a name outside was known there; null: not asked. */
  network: z.enum(['known', 'unknown', 'silent']).nullable(),
  /** By path; null: the disk did not answer in time. */
  places: z.record(z.string(), lookSchema)
});

export type TrialReport = z.infer<typeof trialReportSchema>;

/** Text that prints the report when it is there; listing the folder first makes a lagging disk look again. */
export function buildReportLook(directory: string): string {
  const report = shQuote(`${directory}/report.json`);
  return `ls ${shQuote(directory)} >/dev/null 2>&1
[ -f ${report} ] && ${sayEachLine('report')} <${report}`;
}

/** Null: there is no report yet. Errors: a report that is none. */
export function parseReportLook(stdout: string): TrialReport | null {
  const text = (readLines(stdout).get('report') ?? []).join('\n').trim();
  return text === '' ? null : trialReportSchema.parse(JSON.parse(text));
}
