/** One line of progress. It goes to stderr: some commands promise what is on their stdout. */
export function say(line) {
  process.stderr.write(`[sluice] ${line}\n`);
}

/** A failure that is told in its own words, without a stack; `status` is the exit status. */
export class PlainError extends Error {
  constructor(message, status = 1) {
    super(message);
    this.status = status;
  }
}

/** Runs a command's main function and turns what it throws into words and an exit status. */
export async function main(body) {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    say(error instanceof PlainError ? error.message : (error?.stack ?? String(error)));
    process.exitCode = error instanceof PlainError ? error.status : 1;
  }
}
