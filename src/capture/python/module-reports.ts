import type { SluiceError } from '../../shared/errors';
import type { LeftOut, Note } from '../../shared/wire/capture';
import type { SourceFault } from './source-fault';

/** Names that a list of reasons still has room for. */
const MOST_NAMES = 5;

/** What a person is told of modules that stay, or may fail; each name once. */
export class ModuleReports {
  readonly leftOut: LeftOut[] = [];
  readonly notes: Note[] = [];

  /** Where nothing is known of the Python, what is not local may well be installed. */
  constructor(private readonly isPythonKnown: boolean) {}

  leaveMissing(module: string, why: string): void {
    if (this.isPythonKnown) {
      this.leave(module, `not found here; ${why}`);
    }
  }

  leaveHollow(module: string, why: string): void {
    this.leave(module, `a folder of which no module is imported; ${why}`);
  }

  leaveRelative(module: string, why: string): void {
    this.leave(module, `a relative import outside any package; ${why}`);
  }

  leaveUnreadable(module: string, error: SluiceError, why: string): void {
    const problem = String(error.details['problem']);
    this.leave(module, `cannot be read: ${problem}; the code goes on without it; ${why}`);
  }

  leaveDynamic(text: string, where: string, guesses: readonly string[]): void {
    const names = guesses.slice(0, MOST_NAMES).join(', ');
    const rest = guesses.length > MOST_NAMES ? ` and ${guesses.length - MOST_NAMES} more` : '';
    const what = `which module this imports (${where}) is known only when it runs`;
    this.leave(
      text,
      guesses.length === 0
        ? `${what}; if it is a local one, import it by its name in the cell too`
        : `${what}; it may mean ${names}${rest}, so these travel`
    );
  }

  noteFault(path: string, fault: SourceFault | null): void {
    if (fault !== null) {
      const end = fault.isSure ? 'importing it will fail there' : 'its imports may not all be seen';
      const text = `line ${fault.line}: ${fault.problem}; ${end}`;
      this.notes.push({ kind: 'module', name: path, text });
    }
  }

  private leave(name: string, reason: string): void {
    if (!this.left.has(name)) {
      this.left.add(name);
      this.leftOut.push({ kind: 'module', name, reason });
    }
  }

  private readonly left = new Set<string>();
}
