import type { Capture } from './capture';

/** The answer of a kernel that was asked nothing: what is known besides is put over it. */
export function emptyCapture(): Capture {
  return {
    version: 1,
    language: 'python',
    python: null,
    host: '',
    nonce: null,
    cwd: '',
    sysPath: [],
    installedRoots: [],
    reads: [],
    imports: [],
    modules: [],
    values: [],
    leftOut: [],
    obstacles: [],
    notes: [],
    constants: {},
    sources: [],
    loaded: [],
    hooked: [],
    handles: [],
    prelude: [],
    accepts: []
  };
}
