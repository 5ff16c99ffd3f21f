import { hostname } from 'node:os';
import type { LeftOut } from '../../shared/wire/capture';
import type { Plan } from '../../shared/wire/plan';
import type { PlanRequest } from '../../shared/wire/submit';
import type { SluiceError } from '../../shared/errors';
import type { JobSpec } from '../schedulers/scheduler';
import { sha256 } from '../sync/sha256';
import type { Target } from '../targets/target';
import { askTarget, type TargetOpinion } from './ask-target';
import { type Checks, findObstacles } from './check-request';
import { type Gathered, notesOf } from './gather';
import type { FoundHandle } from './handles-of';
import type { Hosts } from './hosts';
import { mergeResources } from './merge-resources';
import { loadsOf, transferOf } from './plan-parcels';
import type { Preparer } from './preparer';
import { pythonOf } from './python-of';
import { plainLine } from './result-rules';
import { type Told, withNotebook } from './with-notebook';

/** Where the job's files would lie; the key is made up. */
function inRoot(job: Omit<JobSpec, 'root' | 'directory' | 'workerPath'>, root: string): JobSpec {
  return { ...job, root, directory: `${root}/runs/${job.key}`, workerPath: `${root}/worker/…` };
}

/** The job as it would be submitted. */
function sampleJob(target: Target, request: PlanRequest): JobSpec {
  const python = pythonOf(target, request);
  const resources = mergeResources(target.resources, request.resources);
  return inRoot({ key: 'sl-dry-run', setup: target.setup, python, resources }, target.root);
}

/** What a target is taken to say that is not asked. */
function unasked({ root }: Target): TargetOpinion {
  return { root, submit: null, notes: [], leftOut: [] };
}

function obstacleAsLeftOut({ code, message, hint, details }: SluiceError): Plan['leftOut'][number] {
  const name = details['name'] ?? details['path'];
  const [family] = code.split('-');
  // Where the kernel knows what is to blame it says all of it, with the remedy.
  const knows = typeof details['remedy'] === 'string' && typeof details['problem'] === 'string';
  return {
    kind: family === 'variable' || family === 'file' ? family : 'name',
    name: typeof name === 'string' ? name : code,
    reason: knows ? String(details['problem']) : `${message} ${hint}`,
    forbids: true
  };
}

/** What forbids the run stands first, then what merely stays here. */
function leftOutOf(
  { capture }: PlanRequest,
  { captured }: Gathered,
  obstacles: readonly SluiceError[]
): Plan['leftOut'] {
  const undecided = new Set(captured.undecided.map(({ path }) => path));
  const isOpen = ({ kind, name }: LeftOut): boolean => kind === 'file' && undecided.has(name);
  return [
    ...obstacles.map(obstacleAsLeftOut),
    ...captured.leftOut.filter(isOpen),
    ...(capture?.leftOut ?? []),
    ...captured.leftOut.filter(each => !isOpen(each))
  ];
}

function cellOf({ payload, origin }: PlanRequest, { script }: Gathered): Plan['cell'] {
  const source = payload.kind === 'cell' ? payload.source : (script ?? '');
  return { id: origin?.cellId ?? null, sha256: sha256(source) };
}

type Contents = Pick<Plan, 'modules' | 'files' | 'variables' | 'packages'>;

function contentsOf(
  { request, unknown }: Told,
  { captured }: Gathered,
  handles: readonly FoundHandle[]
): Contents {
  const known = (request.capture?.values ?? []).map(({ name, type, bytes, format, why }) => ({
    name,
    type,
    bytes,
    format,
    why
  }));
  return {
    modules: captured.modules.map(({ path, root, module, bytes, sha256: hash, why }) => ({
      path,
      root,
      module,
      bytes,
      sha256: hash,
      why
    })),
    files: captured.files.map(({ path, bytes, why }) => ({ path, bytes, why })),
    variables: [...known, ...handles.map(inPlace), ...unknown],
    packages: captured.packages
  };
}

/** A value that does not travel, since it is there. */
function inPlace({ asked, result }: FoundHandle): Plan['variables'][number] {
  const { type, bytes, format } = result;
  const why = `${asked.why}; used in place, as task ${asked.task} left it there`;
  return { name: asked.name, type: plainLine(type, 200), bytes, format: format ?? 'unknown', why };
}

/** The parts that forbid a run; a syntax error leaves nothing to plan. */
function obstaclesOf(request: PlanRequest, checks: Checks): SluiceError[] {
  const obstacles = findObstacles(request, checks);
  const syntaxError = obstacles.find(({ code }) => code === 'syntax-error');
  if (syntaxError !== undefined) {
    throw syntaxError;
  }
  return obstacles;
}

/**
 * What would travel, and what the cluster says to it; nothing is created there.
 *
 * Errors: `target-unknown`, `config-invalid`, `syntax-error`, `module-unreadable`.
 */
export async function buildPlan(
  asked: PlanRequest,
  preparer: Preparer,
  hosts: Hosts
): Promise<Plan> {
  const target = await preparer.settle(asked);
  const checks = { nonce: preparer.nonce, serviceHost: hostname(), target };
  const obstacles = obstaclesOf(asked, checks);
  const told = withNotebook(asked);
  const { request } = told;
  const gathered = await preparer.gather(request, target);
  const sample = sampleJob(target, request);
  const opinion = request.brief
    ? unasked(target)
    : await askTarget(hosts, { target, job: sample, request, gathered });
  const job = inRoot(sample, opinion.root);
  return {
    version: 1,
    target: target.name,
    resources: job.resources,
    environment: target.environment,
    manifest: `sha256:${gathered.manifest.hash}`,
    cell: cellOf(request, gathered),
    ...contentsOf(told, gathered, preparer.handles(request, target)),
    leftOut: [...leftOutOf(request, gathered, obstacles), ...opinion.leftOut],
    undecided: gathered.captured.undecided.map(({ path, bytes, why }) => ({ path, bytes, why })),
    notes: [...notesOf(request, gathered), ...opinion.notes],
    script: hosts.scheduler(target.scheduler).buildScript(job),
    submit: opinion.submit,
    transfer: transferOf(loadsOf(gathered, request.capture?.values ?? [])),
    rehearsal: null
  };
}
