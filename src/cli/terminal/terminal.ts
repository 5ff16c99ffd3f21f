import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';

export type LineQuestion = {
  label: string;
  /** What is typed is not shown. */
  isSecret: boolean;
  /** Withdraws the question. */
  signal: AbortSignal;
};

/** Where a person can be asked. */
export interface ITerminal {
  /** Whether a question is open; a line of progress would wipe it out. */
  readonly isAsking: boolean;
  say(text: string): void;
  /** One line; null: the person gave up with Ctrl-C or Ctrl-D, or the question was withdrawn. */
  ask(question: LineQuestion): Promise<string | null>;
}

/** Swallows the echo that readline makes. */
function silent(): Writable {
  return new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    }
  });
}

function line(reader: Interface, prompt: string, signal: AbortSignal): Promise<string | null> {
  return new Promise(resolve => {
    const end = (text: string | null): void => {
      signal.removeEventListener('abort', withdraw);
      resolve(text);
      reader.close();
    };
    const withdraw = (): void => {
      end(null);
    };
    reader.on('SIGINT', withdraw);
    reader.on('close', withdraw);
    signal.addEventListener('abort', withdraw);
    reader.question(prompt, end);
    if (signal.aborted) {
      withdraw();
    }
  });
}

/** The terminal that a program was started on; null where a person cannot see or type. */
export function openTerminal(
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream
): ITerminal | null {
  if (!input.isTTY || !output.isTTY) {
    return null;
  }
  let open = 0;
  return {
    get isAsking() {
      return open > 0;
    },
    say: text => {
      output.write(text);
    },
    ask: async question => {
      open += 1;
      try {
        return await askLine(question, input, output);
      } finally {
        open -= 1;
      }
    }
  };
}

async function askLine(
  { label, isSecret, signal }: LineQuestion,
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream
): Promise<string | null> {
  // A history would keep what was typed.
  const how = { input, terminal: true, historySize: 0 };
  if (!isSecret) {
    return line(createInterface({ ...how, output }), `${label} `, signal);
  }
  // Before the label: from then on nothing typed is shown, and Ctrl-C is heard here.
  const reader = createInterface({ ...how, output: silent() });
  output.write(`${label} `);
  const text = await line(reader, '', signal);
  output.write('\n');
  return text;
}
