/** A failure that the person at the terminal can act on; its message says how. */
export class TestbedError extends Error {
  override readonly name = 'TestbedError';
  /** 1: the testbed is not as wanted; 2: the request or this machine is at fault. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.exitCode = exitCode;
  }
}
