import { type Problem, SluiceError } from '../../shared/errors';
import type { Reason } from '../../shared/wire/task';
import type { JobReport } from '../schedulers/scheduler';
import { endReason, makeReason } from './end-reasons';
import { pendingReason } from './pending-reasons';

/** What the scheduler says of a job, as a reason; null: nothing that needs one. */
function fromReport(report: JobReport, cancelRequested: boolean): Reason | null {
  switch (report.state) {
    case 'pending':
      return reasonOf.pending(report);
    case 'preempted':
      return endReason.preempted(report);
    case 'canceled':
      return endReason.canceled(report, cancelRequested, false);
    case 'timed-out':
      return endReason.timedOut(report);
    case 'out-of-memory':
      return endReason.memory(report);
    case 'node-failed':
      return endReason.node(report);
    case 'failed':
      return endReason.failed(report);
    case 'running':
    case 'completed':
    case 'other':
      return null;
  }
}

/** What to do about an exception of a job that found no room to write; null: it was another one. */
function roomHint(words: string): string | null {
  const more = 'make room, then run it again; `sluice clean` shows what Sluice could remove.';
  if (/No space left on device/i.test(words)) {
    return `The disk there is full: ${more}`;
  }
  return /Dis[ck] quota exceeded/i.test(words) ? `Your quota there is used up: ${more}` : null;
}

/** A GPU's own memory is another matter than the job's. */
function deviceHint(ename: string, evalue: string): string | null {
  return ename === 'OutOfMemoryError' || /CUDA out of memory/i.test(evalue)
    ? 'The GPU’s own memory is used up: smaller batches, or a larger GPU; more `memory` does not help.'
    : null;
}

/** Why a host waits for a person, as part of a sentence. */
function whyLogin(error: SluiceError): string {
  switch (error.code) {
    case 'needs-login':
      return String(error.details['problem'] ?? 'a person is needed');
    case 'login-canceled':
      return 'the last login was given up';
    default:
      return error.message;
  }
}

/** Reasons in words, each with the scheduler's own token beside it where there is one. */
export const reasonOf = {
  report: fromReport,
  problem: ({ code, message, hint, details }: Problem): Reason => ({
    code,
    message,
    hint,
    token: null,
    details
  }),
  /** The host waits for a person; nothing is lost, and the task goes on after a login. */
  needsLogin: (host: string, target: string, why: SluiceError | string): Reason => {
    const words = typeof why === 'string' ? why : whyLogin(why);
    // What says so already is not said twice.
    const problem = words.replace(/^The host .*? asks for a login: /, '').replace(/\.$/, '');
    return reasonOf.problem(new SluiceError('needs-login', { host, target, problem }).toProblem());
  },
  /** Nothing is heard of the host, whatever the last try of it met; the job goes on there. */
  outOfTouch: (host: string, error: unknown): Reason => {
    const said = error instanceof SluiceError ? error.details['problem'] : undefined;
    // What may be wrong with a host that never answered is no news of one that did.
    const [problem = ''] = (typeof said === 'string' ? said : 'nothing is heard from it').split(
      ';'
    );
    return reasonOf.problem(new SluiceError('connection-lost', { host, problem }).toProblem());
  },
  exception: (ename: string, evalue: string): Reason =>
    makeReason(
      [
        'exception',
        evalue === '' ? ename : `${ename}: ${evalue}`,
        roomHint(evalue) ?? deviceHint(ename, evalue)
      ],
      null
    ),
  canceledByYou: (): Reason => makeReason(['canceled', 'Canceled by you.', null], null),
  /** Why a job waits; a job that waits after a start says so. */
  pending: ({ reasonToken, token, restarts }: JobReport): Reason => {
    const [code, message, hint] = pendingReason(reasonToken ?? 'None');
    const isRequeued = restarts > 0 && (code === 'begin-time' || code === 'waiting');
    const before = `It was started ${restarts === 1 ? 'once' : `${restarts} times`} before.`;
    return makeReason(
      isRequeued
        ? ['requeued', `It is queued again, and starts anew in some minutes. ${before}`, hint]
        : [code, restarts > 0 ? `${message} ${before}` : message, hint],
      reasonToken ?? token
    );
  }
};
