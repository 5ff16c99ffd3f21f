import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { followImports, type Captured } from '../../capture/python/follow-imports';
import { buildManifest, type Manifest } from '../../capture/manifest';
import type { SubmitRequest } from '../../shared/wire/submit';
import type { Parcel } from '../sync/shipment';

export type Gathered = {
  manifest: Manifest;
  captured: Captured;
  parcels: Parcel[];
  script: string | null;
};
