import { statfsSync } from 'node:fs';

/** Magic numbers of NFS, SMB, CIFS, Lustre, GPFS, BeeGFS, Ceph, AFS and FUSE. */
const NETWORK_TYPES = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x0bd00bd0, 0x47504653, 0x19830326, 0x00c36400,
  0x5346414f, 0x65735546
]);

/** Whether a directory lies on a network file system, where SQLite must not use shared memory. */
export function isNetworkDisk(path: string): boolean {
  return process.platform === 'linux' && NETWORK_TYPES.has(statfsSync(path).type);
}
