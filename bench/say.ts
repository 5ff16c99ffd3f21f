/** Shows progress where it does not mix with the tables. */
export function say(line: string): void {
  process.stderr.write(`bench: ${line}\n`);
}
