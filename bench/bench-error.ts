/** A failure that the person at the terminal can act on; its message says how. */
export class BenchError extends Error {
  override readonly name = 'BenchError';
  /** 1: a measurement could not be made; 2: the request is at fault. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.exitCode = exitCode;
  }
}
