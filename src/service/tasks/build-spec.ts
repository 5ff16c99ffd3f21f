import type { Manifest } from '../../capture/manifest';
import type { Captured } from '../../capture/python/follow-imports';
import type { SubmitRequest } from '../../shared/wire/submit';
import { noticeSeconds } from '../schedulers/time-limit';
import type { Place, TaskRecord } from '../store/task-record';
import type { Target } from '../targets/target';
import type { Handle } from './handles-of';
import { rehearsalOrder } from './rehearsal-order';
import { HOME_BYTES } from './result-rules';
import type { Inherited } from './task-files';

export type SpecParts = {
  record: TaskRecord;
  request: SubmitRequest;
  target: Target;
  place: Place;
  manifest: Manifest;
  /** Files that earlier tasks left there. */
  inherited: Inherited[];
  /** Values of former tasks that the cell uses in place. */
  handles: readonly Handle[];
  captured: Captured;
  /** The target whose run is rehearsed on this one; otherwise the target itself. */
  meant: Target;
  /** Hex; the worker seals its events with it. */
  eventKey: string;
};

const EVENT_BYTES = 2 ** 20;
const TEXT_BYTES = 16 * 2 ** 20;

function workOf(request: SubmitRequest, script: string | null): Record<string, unknown> {
  const { payload } = request;
  return payload.kind === 'cell'
    ? { kind: 'cell', source: payload.source, arguments: [], outputs: payload.outputs }
    : { kind: 'script', source: script, arguments: payload.arguments, outputs: [] };
}

/** The text of `spec.json`: all that the worker is told. */
export function buildSpec(parts: SpecParts, script: string | null): string {
  const { record, request, target, place, manifest, inherited, captured, meant, eventKey } = parts;
  const { capture } = request;
  const isEmpty = manifest.entries.length === 0;
  const accepts = capture?.accepts ?? ['json', 'npy'];
  return JSON.stringify({
    version: 1,
    task: record.id,
    ...workOf(request, script),
    cwd: manifest.cwd,
    root: place.root,
    snapshot: isEmpty ? null : `${place.root}/snapshots/${manifest.hash}`,
    modulePaths: manifest.modulePaths,
    files: manifest.files,
    folders: manifest.folders,
    inherited,
    values: capture?.values ?? [],
    handles: parts.handles,
    prelude: capture?.prelude ?? [],
    imports: capture?.imports ?? [],
    accepts: target.trust === 'pickles' ? accepts : accepts.filter(format => format !== 'pickle'),
    trust: target.trust,
    limits: { homeBytes: HOME_BYTES, eventBytes: EVENT_BYTES, textBytes: TEXT_BYTES },
    eventKey,
    noticeSeconds: noticeSeconds(record.resources),
    // Where this machine has no place of a name, the other one's words say what is missing.
    paths: { ...meant.paths, ...target.paths },
    target: target.name,
    resources: record.resources,
    rehearsal: rehearsalOrder({ request, target, meant, captured })
  });
}
