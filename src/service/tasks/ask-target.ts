import type { LeftOut, Note } from '../../shared/wire/capture';
import type { Plan } from '../../shared/wire/plan';
import type { SubmitRequest } from '../../shared/wire/submit';
import { SluiceError } from '../../shared/errors';
import { checkPython } from '../environments/check-python';
import type { JobSpec } from '../schedulers/scheduler';
import type { Target } from '../targets/target';
import type { Gathered } from './gather';
import type { Hosts } from './hosts';
import { MOST_PATHS, pathNotes } from './path-notes';
import { loadsOf, presentNotes } from './plan-parcels';
import { toAnswer } from './poller';
import { smallerShapes, soonerShape } from './smaller-shapes';
import {
  buildTargetQuestion,
  parseTargetReply,
  type TargetQuestion,
  type TargetReply
} from './target-question';

/** The target's setup lines may take their time, and each test of a shape. */
const TIMEOUT_MS = 60_000;

/** What a target says to a plan. */
export type TargetOpinion = Pick<Plan, 'submit' | 'notes' | 'leftOut'> & {
  /** The root as the host has it, where it was asked. */
  root: string;
};

export type Asked = { target: Target; job: JobSpec; request: SubmitRequest; gathered: Gathered };

function questionOf(hosts: Hosts, { target, job, gathered }: Asked): TargetQuestion {
  const smaller = smallerShapes(job.resources).map(resources => ({ ...job, resources }));
  return {
    scheduler: hosts.scheduler(target.scheduler),
    jobs: [job, ...smaller],
    wanted: { root: target.root, python: job.python, setup: target.setup },
    places: gathered.parcels.map(({ place }) => place),
    paths: gathered.captured.absolute.slice(0, MOST_PATHS)
  };
}

function submitOf({ tests }: TargetReply, jobs: readonly JobSpec[]): Plan['submit'] {
  const [asked, ...others] = tests ?? [];
  if (asked === undefined) {
    return null;
  }
  const shapes = others.map((outcome, index) => ({
    outcome,
    resources: jobs[index + 1]?.resources ?? {}
  }));
  return { ...asked, smaller: soonerShape(asked, shapes) };
}

/** A Python that would stop the run before its first line is told now. */
function pythonLeftOut({ facts }: TargetReply, { target, job, request }: Asked): LeftOut[] {
  const localVersion = request.capture?.python?.version ?? null;
  try {
    checkPython({ facts, target: target.name, python: job.python, localVersion });
    return [];
  } catch (error) {
    if (error instanceof SluiceError) {
      return [{ kind: 'package', name: 'python', reason: `${error.message} ${error.hint}` }];
    }
    throw error;
  }
}

function unasked(target: Target, why: string): TargetOpinion {
  const note: Note = { kind: 'name', name: target.name, text: `could not be asked: ${why}` };
  return { root: target.root, submit: null, notes: [note], leftOut: [] };
}

/**
 * Ask the target, in one script that only reads, for all that a plan wants to know of it. A host that
 * cannot be asked is no obstacle: a note says so.
 */
export async function askTarget(hosts: Hosts, asked: Asked): Promise<TargetOpinion> {
  const { target, gathered } = asked;
  const question = questionOf(hosts, asked);
  try {
    const transport = hosts.transport(target);
    const action = 'ask what it says to the plan';
    const text = buildTargetQuestion(question);
    const answer = toAnswer(await transport.run(text, { action, timeoutMs: TIMEOUT_MS }));
    const reply = parseTargetReply(answer, question);
    if (reply === null) {
      return unasked(target, answer.stderr.trim() || `exit status ${answer.status}`);
    }
    const { absolute } = gathered.captured;
    return {
      root: reply.facts.root || target.root,
      submit: submitOf(reply, question.jobs),
      notes: [
        ...presentNotes(loadsOf(gathered), reply.present, target.name),
        ...pathNotes(absolute, reply.found, target.name)
      ],
      leftOut: pythonLeftOut(reply, asked)
    };
  } catch (error) {
    if (error instanceof SluiceError) {
      return unasked(target, `${error.message} ${error.hint}`);
    }
    throw error;
  }
}
