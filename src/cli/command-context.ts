import type { ServiceAccess } from './service/service-access';
import type { Place } from './service/place';
import type { ITerminal } from './terminal/terminal';

/** What a command works with; everything of the process is passed in. */
export type CommandContext = {
  access: ServiceAccess;
  place: Place;
  /** Print the REST body instead of words. */
  isJson: boolean;
  cwd: string;
  /** The Python that is asked what is installed here. */
  python: string;
  out: (text: string) => void;
  err: (text: string) => void;
  /** Null: nobody can be asked anything. */
  terminal: ITerminal | null;
  nowMs: () => number;
  /** A fresh request id. */
  newRequestId: () => string;
  /** Calls back at each interrupt of the person; returns what ends that. */
  onInterrupt: (call: () => void) => () => void;
};

/** What a command ends with: the exit status. */
export type Command<Arguments extends unknown[]> = (
  context: CommandContext,
  ...given: Arguments
) => Promise<number>;

/** Print a body as JSON, or in words. */
export function print<Body>(
  { isJson, out }: CommandContext,
  body: Body,
  inWords: (body: Body) => string
): void {
  out(isJson ? `${JSON.stringify(body, null, 2)}\n` : inWords(body));
}
