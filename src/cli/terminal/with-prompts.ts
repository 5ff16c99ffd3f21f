import type { CommandContext } from '../command-context';
import { plainText } from '../print/plain-text';
import { PromptWatch } from './prompt-watch';

/** Work that is done sooner asks nobody, and costs no further question to the service. */
const QUICK_MS = 300;

/** Do a command's work; while it takes its time, the questions of logins are asked on the terminal. */
export async function withPrompts<Result>(
  { access, terminal, err }: Pick<CommandContext, 'access' | 'terminal' | 'err'>,
  work: () => Promise<Result>
): Promise<Result> {
  if (terminal === null) {
    return work();
  }
  const over = new AbortController();
  const watch = new PromptWatch(access, terminal);
  const begin = (): void => {
    watch.run(over.signal).catch((error: unknown) => {
      if (!over.signal.aborted) {
        const words = plainText(error instanceof Error ? error.message : String(error));
        err(`sluice: questions of logins cannot be shown here: ${words}\n`);
      }
    });
  };
  const timer = setTimeout(begin, QUICK_MS);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}
