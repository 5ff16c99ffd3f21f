import { hostname } from 'node:os';
import { SluiceError } from '../../shared/errors';
import type { LeftOut } from '../../shared/wire/capture';
import type { Plan } from '../../shared/wire/plan';
import type { PlanRequest, SubmitRequest } from '../../shared/wire/submit';
import type { JobSpec } from '../schedulers/scheduler';
import { sha256 } from '../sync/sha256';
import type { Target } from '../targets/target';
import { findObstacles } from './check-request';
import type { Hosts } from './hosts';
import { mergeResources } from './merge-resources';
import { toAnswer } from './poller';
import type { Preparer } from './preparer';

const TEST_TIMEOUT_MS = 20_000;

/** The job as it would be submitted; the key and the paths are made up. */
function sampleJob(target: Target, request: SubmitRequest): JobSpec {
  const { root, setup } = target;
  const python = target.python ?? request.capture?.python?.executable ?? 'python3';
  return {
    key: 'sl-dry-run',
    root,
    directory: `${root}/runs/sl-dry-run`,
    setup,
    python,
    workerPath: `${root}/worker/…`,
    resources: mergeResources(target.resources, request.resources)
  };
}

/** What the scheduler says of the job without taking it; a host that cannot be asked is no obstacle. */
async function testSubmit(hosts: Hosts, target: Target, job: JobSpec): Promise<Plan['submit']> {
  const scheduler = hosts.scheduler(target.scheduler);
  const text = scheduler.buildTest(job);
  if (text === null) {
    return null;
  }
  try {
    const transport = hosts.transport(target);
    const action = 'ask whether the job would be accepted';
    const result = await transport.run(text, { action, timeoutMs: TEST_TIMEOUT_MS });
    const answer = scheduler.parseTest(toAnswer(result));
    return { ...answer, smaller: null };
  } catch (error) {
    if (error instanceof SluiceError) {
      return {
        accepted: false,
        estimatedStart: null,
        message: `${error.message} ${error.hint}`,
        smaller: null
      };
    }
    throw error;
  }
}

function obstaclesAsLeftOut(found: SluiceError[]): LeftOut[] {
  return found.map(({ code, message, details }) => {
    const name = typeof details['name'] === 'string' ? details['name'] : code;
    return { kind: code.startsWith('variable') ? 'variable' : 'name', name, reason: message };
  });
}

/**
 * What would travel, and what the cluster says to it; nothing is created there.
 *
 * Errors: `target-unknown`, `config-invalid`, `syntax-error`.
 */
export async function buildPlan(
  request: PlanRequest,
  preparer: Preparer,
  hosts: Hosts
): Promise<Plan> {
  const target = await preparer.settle(request);
  const checks = { nonce: preparer.nonce, serviceHost: hostname(), target };
  const obstacles = findObstacles(request, checks);
  const syntaxError = obstacles.find(({ code }) => code === 'syntax-error');
  if (syntaxError !== undefined) {
    throw syntaxError;
  }
  const { manifest, captured } = await preparer.gather(request);
  const job = sampleJob(target, request);
  const values = request.capture?.values ?? [];
  const bytes = (list: readonly { bytes: number }[]): number =>
    list.reduce((sum, item) => sum + item.bytes, 0);
  const travelling = [...captured.modules, ...captured.files];
  const { payload, origin, capture } = request;
  return {
    version: 1,
    target: target.name,
    resources: job.resources,
    environment: target.environment,
    manifest: `sha256:${manifest.hash}`,
    cell: {
      id: origin?.cellId ?? null,
      sha256: sha256(payload.kind === 'cell' ? payload.source : payload.path)
    },
    modules: captured.modules.map(({ path, root, module, bytes: size, sha256: hash, why }) => ({
      path,
      root,
      module,
      bytes: size,
      sha256: hash,
      why
    })),
    files: captured.files.map(({ path, bytes: size, why }) => ({ path, bytes: size, why })),
    variables: values.map(({ name, type, bytes: size, format, why }) => ({
      name,
      type,
      bytes: size,
      format,
      why
    })),
    packages: [],
    leftOut: [...(capture?.leftOut ?? []), ...captured.leftOut, ...obstaclesAsLeftOut(obstacles)],
    notes: capture?.notes ?? [],
    script: hosts.scheduler(target.scheduler).buildScript(job),
    submit: await testSubmit(hosts, target, job),
    transfer: {
      files: travelling.length + values.length,
      bytes: bytes(travelling) + bytes(values)
    },
    rehearsal: null
  };
}
