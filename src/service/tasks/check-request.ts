import { ERRORS, type ErrorCode, SluiceError } from '../../shared/errors';
import { sizeWords } from '../../shared/size-words';
import type { Obstacle } from '../../shared/wire/capture';
import type { SubmitRequest } from '../../shared/wire/submit';
import type { Undecided } from '../../capture/python/data-files';
import type { Target } from '../targets/target';

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}

/** An obstacle that the kernel named, as our error. */
export function obstacleError({ code, details }: Obstacle): SluiceError {
  return isCode(code)
    ? new SluiceError(code, details)
    : new SluiceError('request-invalid', {
        problem: `the kernel named an unknown obstacle “${code}”`
      });
}

export type Checks = { nonce: string; serviceHost: string; target: Target };

/** All that forbids a run, found without asking the host; the first one counts. */
export function findObstacles(request: SubmitRequest, checks: Checks): SluiceError[] {
  const { capture } = request;
  if (capture === null) {
    return [];
  }
  const found = capture.obstacles.map(obstacleError);
  if (capture.language === 'python' && capture.nonce !== checks.nonce) {
    const { serviceHost } = checks;
    found.push(new SluiceError('kernel-remote', { kernelHost: capture.host, serviceHost }));
  }
  for (const { name, bytes } of capture.values) {
    if (bytes > checks.target.maxVariableBytes) {
      const size = sizeWords(bytes);
      const limit = sizeWords(checks.target.maxVariableBytes);
      found.push(new SluiceError('variable-too-large', { name, size, limit }));
    }
  }
  return found;
}

/** Large files that the code reads and of which nobody said whether they travel. */
export function undecidedError(undecided: readonly Undecided[]): SluiceError | null {
  const [first] = undecided;
  if (first === undefined) {
    return null;
  }
  const files = undecided.map(({ path, bytes }) => `${path} (${sizeWords(bytes)})`).join(', ');
  return new SluiceError('file-undecided', { files, path: first.path });
}
