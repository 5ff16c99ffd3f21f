/** Takes lines that tell a person what is going on. */
export type Report = (line: string) => void;

/** Shows progress where it does not mix with a command's output. */
export const reportToStderr: Report = line => {
  process.stderr.write(`testbed: ${line}\n`);
};
