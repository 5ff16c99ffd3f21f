import { createHash } from 'node:crypto';
import { type PlanRequest, type SubmitRequest, submitSchema } from '../../shared/wire/submit';

/** The same plan is the same rehearsal, however often its answer was lost. */
function requestIdOf(plan: PlanRequest): string {
  return `rehearsal-${createHash('sha256').update(plan.requestId).digest('hex').slice(0, 40)}`;
}

/**
 * The request that runs the bundle of a plan here. It has no origin: what it shows belongs into no
 * cell, and what it binds into no kernel.
 */
export function rehearsalRequest(plan: PlanRequest, target: string): SubmitRequest {
  return submitSchema.parse({
    ...plan,
    requestId: requestIdOf(plan),
    target: 'here',
    resources: {},
    origin: null,
    rehearsal: true,
    rehearsalOf: target
  });
}
