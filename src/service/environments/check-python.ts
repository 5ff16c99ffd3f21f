import { SluiceError } from '../../shared/errors';
import type { HostFacts } from './probe-host';

export type PythonQuestion = {
  facts: HostFacts;
  target: string;
  python: string;
  /** The kernel's version; null: nothing of a kernel travels. */
  localVersion: string | null;
};

function minor(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

function isTooOld(version: string): boolean {
  const [major = 0, minorNumber = 0] = version.split('.').map(Number);
  return major < 3 || (major === 3 && minorNumber < 9);
}

/** Refuse a Python that is missing, too old, or of another minor version than the kernel's. */
export function checkPython({ facts, target, python, localVersion }: PythonQuestion): void {
  const { pythonVersion: remote, problem } = facts;
  if (remote === null) {
    throw new SluiceError('no-python', { target, python, problem });
  }
  if (isTooOld(remote)) {
    throw new SluiceError('python-too-old', { target, remote });
  }
  if (localVersion !== null && minor(localVersion) !== minor(remote)) {
    throw new SluiceError('python-differs', {
      target,
      remote: minor(remote),
      local: minor(localVersion)
    });
  }
}
