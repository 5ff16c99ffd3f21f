import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

import { transpileCapture } from '../capture/transpile-capture.ts';

const FOLDERS = [
  'shared',
  'shared/wire',
  'capture',
  'service/sync',
  'service/environments',
  'service/transports',
  'service/transports/ssh-host',
  'service/transports/host-keys',
  'service/transports/login',
  'service/transports/ssh2',
  'service/transports/openssh',
  'testing'
];

export type RunOptions = { action: string; timeoutMs: number; data?: Buffer | Readable };

export type Transport = {
  connect(): Promise<void>;
  run(script: string, options: RunOptions): Promise<{ status: number; stdout: Buffer }>;
  close(): Promise<void>;
};

export type Parcel = { place: string };

export type Entry = {
  place: string;
  sha256: string;
  bytes: number;
  executable: boolean;
  absolute: string;
};

export type Sender = {
  send(options: object): Promise<{ files: number; bytes: number }>;
};

/** What is measured, as the service has it. */
export type OwnCode = {
  folder: string;
  createSsh2Transport: (options: object) => Transport;
  Sender: new (options: { tag: string; nowMs: () => number }) => Sender;
  buildSnapshotParcel: (manifest: { hash: string; text: string; entries: Entry[] }) => Parcel;
  buildBlobParcel: (path: string, facts: { sha256: string; bytes: number }) => Parcel;
  FileHashes: new () => {
    get(path: string, stat: object): string | null;
    set(path: string, stat: object, sha256: string, readAtMs: number): void;
  };
  startSshd: () => Promise<Sshd>;
};

export type Sshd = {
  port: number;
  configPath: string;
  hostKey(type: 'ed25519'): Promise<string>;
  writeKnownHosts(lines: string[]): Promise<void>;
  stop(): Promise<void>;
};

/** Our own code, as plain Node loads it. */
export async function loadOwnCode(folder: string): Promise<OwnCode> {
  await transpileCapture(folder, FOLDERS);
  const require = createRequire(join(folder, 'index.js'));
  const load = (path: string): object => require(path) as object;
  return {
    folder,
    ...load('./service/transports/ssh2/ssh2-transport.js'),
    ...load('./service/sync/sender.js'),
    ...load('./service/sync/snapshot-parcel.js'),
    ...load('./service/sync/blob-parcels.js'),
    ...load('./service/sync/file-hashes.js'),
    ...load('./testing/loopback-sshd.js')
  } as OwnCode;
}
