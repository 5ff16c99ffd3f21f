/** What ended a process, by the number of the signal on Linux: its name, and what it mostly means. */
const SIGNALS: Readonly<Record<number, readonly [name: string, meaning: string]>> = {
  1: ['SIGHUP', 'its terminal went away'],
  2: ['SIGINT', 'it was interrupted'],
  3: ['SIGQUIT', 'it was told to quit'],
  4: ['SIGILL', 'an instruction that this processor does not know'],
  5: ['SIGTRAP', 'a trap for a debugger'],
  6: ['SIGABRT', 'the program gave up by itself'],
  7: ['SIGBUS', 'memory that could not be reached'],
  8: ['SIGFPE', 'an impossible calculation'],
  9: ['SIGKILL', 'it was killed'],
  10: ['SIGUSR1', 'a note that nobody there understood'],
  11: ['SIGSEGV', 'a crash in compiled code'],
  12: ['SIGUSR2', 'a note that nobody there understood'],
  13: ['SIGPIPE', 'nobody read what it wrote'],
  14: ['SIGALRM', 'its own alarm'],
  15: ['SIGTERM', 'it was told to stop'],
  24: ['SIGXCPU', 'the limit of processor time'],
  25: ['SIGXFSZ', 'the limit of a file’s size'],
  31: ['SIGSYS', 'a call that the system does not allow']
};

/** A signal in words, such as “SIGSEGV (11: a crash in compiled code)”. */
export function signalName(signal: number): string {
  const [name, meaning] = SIGNALS[signal] ?? [];
  return name === undefined ? `signal ${signal}` : `${name} (${signal}: ${meaning ?? ''})`;
}
