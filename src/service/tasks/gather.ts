import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { buildManifest, type Manifest } from '../../capture/manifest';
import {
  type Captured,
  followImports,
  type FollowStart
} from '../../capture/python/follow-imports';
import { SluiceError } from '../../shared/errors';
import type { Blob, Note } from '../../shared/wire/capture';
import type { SubmitRequest } from '../../shared/wire/submit';
import { blobsOf, buildBlobParcels } from '../sync/blob-parcels';
import type { ScanMemory } from '../sync/scan-memory';
import { sha256 } from '../sync/sha256';
import type { Parcel } from '../sync/shipment';
import { buildSnapshotParcel } from '../sync/snapshot-parcel';
import type { Target } from '../targets/target';
import { fileRulesOf } from './file-rules-of';

/** All that a task takes along from this machine. */
export type Gathered = {
  manifest: Manifest;
  captured: Captured;
  /** The files of values, each once. */
  blobs: Blob[];
  parcels: Parcel[];
  /** The text of a script, where the task is one. */
  script: string | null;
};

async function readScript({ payload }: SubmitRequest): Promise<string | null> {
  if (payload.kind === 'cell') {
    return null;
  }
  try {
    return await readFile(payload.path, 'utf8');
  } catch (cause) {
    const problem = `the script ${payload.path} cannot be read`;
    throw new SluiceError('request-invalid', { problem }, { cause });
  }
}

/** Without a kernel there is only the disk: a script's folder, as Python itself would have it. */
function startOf({ payload, capture, projectDir }: SubmitRequest): FollowStart {
  if (capture !== null) {
    return capture;
  }
  const folder = payload.kind === 'script' ? dirname(payload.path) : projectDir;
  const sysPath = folder === null ? [] : [folder];
  return { python: null, cwd: folder ?? '/', sysPath, installedRoots: [], modules: [] };
}

export type GatherContext = { spool: string; memory: ScanMemory };

/** Find everything that travels, without asking or telling any host. */
export async function gather(
  request: SubmitRequest,
  target: Target,
  { spool, memory }: GatherContext
): Promise<Gathered> {
  const { payload } = request;
  const script = await readScript(request);
  const source = payload.kind === 'cell' ? payload.source : (script ?? '');
  const files = memory.fileTree();
  const rules = fileRulesOf(request, target);
  const capture = startOf(request);
  const captured = await followImports({ source, capture, files, rules, memory });
  const manifest = buildManifest(captured, sha256);
  const snapshot = buildSnapshotParcel(manifest);
  const blobs = blobsOf(request.capture?.values ?? []);
  const parcels = buildBlobParcels(blobs, spool);
  return {
    manifest,
    captured,
    blobs,
    parcels: snapshot === null ? parcels : [snapshot, ...parcels],
    script
  };
}

/** What the kernel and the disk found to be worth a person's look. */
export function notesOf({ capture }: SubmitRequest, { captured }: Gathered): Note[] {
  return [...(capture?.notes ?? []), ...captured.notes];
}
