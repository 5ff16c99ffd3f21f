import type { SluiceError } from '../../shared/errors';
import type { Capture } from '../../shared/wire/capture';

/**
 * A capture that says only why there is none, so that the service refuses the task in words and
 * keeps it in its list.
 */
export function captureOfObstacle(error: SluiceError, language: string): Capture {
  return {
    version: 1,
    language,
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
    obstacles: [{ code: error.code, details: { ...error.details } }],
    notes: [],
    constants: {},
    sources: [],
    loaded: [],
    hooked: [],
    prelude: [],
    accepts: []
  };
}
