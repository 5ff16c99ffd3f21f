import { SluiceError } from '../../shared/errors';
import type { Prompt, PromptList } from '../../shared/wire/prompt';
import type { ServiceAccess } from '../service/service-access';
import { PromptWatch } from '../terminal/prompt-watch';
import type { ITerminal, LineQuestion } from '../terminal/terminal';
import { waitUntil } from '../../testing/wait-until';

const prompt = (id: string, change: Partial<Prompt> = {}): Prompt => ({
  id,
  target: 'cluster',
  host: 'login.example.org',
  kind: 'question',
  text: 'Two\u001b[2J factors',
  fields: [
    { label: 'Password:', secret: true },
    { label: 'Code:', secret: false }
  ],
  hostKey: null,
  openedAt: 0,
  expiresAt: 1,
  isShown: false,
  ...change
});

/** A service whose open prompts the test says. */
class Desk {
  open: Prompt[] = [];
  readonly answers: [string, string[] | null][] = [];
  private revision = 1;
  private wake: () => void = () => undefined;

  set(...open: Prompt[]): void {
    this.open = open;
    this.revision += 1;
    this.wake();
  }

  readonly client = {
    promptNews: async (
      { revision }: { revision?: number },
      signal: AbortSignal
    ): Promise<PromptList> => {
      if (revision === this.revision) {
        await new Promise<void>(resolve => {
          this.wake = resolve;
          signal.addEventListener('abort', () => {
            resolve();
          });
        });
      }
      return { prompts: this.open, revision: this.revision };
    },
    answerPrompt: async (id: string, answers: string[] | null): Promise<void> => {
      if (!this.open.some(each => each.id === id)) {
        throw new SluiceError('prompt-over');
      }
      this.answers.push([id, answers]);
      this.set(...this.open.filter(each => each.id !== id));
    }
  };

  get access(): ServiceAccess {
    const ask = <Answer>(call: (client: unknown) => Promise<Answer>): Promise<Answer> =>
      call(this.client);
    return { ask } as unknown as ServiceAccess;
  }
}

/** A person who types the given lines, and leaves what comes after them unanswered. */
class Person implements ITerminal {
  readonly isAsking = false;
  readonly seen: string[] = [];
  readonly asked: [string, boolean][] = [];

  constructor(private readonly lines: (string | null)[]) {}

  say(text: string): void {
    this.seen.push(text);
  }

  ask({ label, isSecret, signal }: LineQuestion): Promise<string | null> {
    this.asked.push([label, isSecret]);
    const next = this.lines.shift();
    return next === undefined
      ? new Promise(resolve => {
          signal.addEventListener('abort', () => {
            resolve(null);
          });
        })
      : Promise.resolve(next);
  }
}

describe('questions of logins on the terminal', () => {
  let desk: Desk;
  let over: AbortController;
  let watching: Promise<void>;

  const watch = (...lines: (string | null)[]): Person => {
    const person = new Person(lines);
    watching = new PromptWatch(desk.access, person).run(over.signal);
    return person;
  };
  const answered = (count: number): Promise<void> =>
    waitUntil(`${count} answers`, async () => desk.answers.length === count);

  beforeEach(() => {
    desk = new Desk();
    over = new AbortController();
  });
  afterEach(async () => {
    over.abort();
    await watching;
  });

  it('asks each field in the server’s words, and answers once', async () => {
    const person = watch('pass', '123');
    desk.set(prompt('a'));
    await answered(1);
    expect(desk.answers).toEqual([['a', ['pass', '123']]]);
    expect(person.asked).toEqual([
      ['Password:', true],
      ['Code:', false]
    ]);
    const words = person.seen.join('');
    expect(words).toContain('login.example.org asks for a login');
    expect(words).not.toContain('\u001b');
    expect(words).not.toContain('pass');
  });

  it('gives the login up with Ctrl-C at any field', async () => {
    watch('pass', null);
    desk.set(prompt('a'));
    await answered(1);
    expect(desk.answers).toEqual([['a', null]]);
  });

  it('takes a new host key by the whole word only', async () => {
    const hostKey = { algorithm: 'ED25519', fingerprint: 'SHA256:abc', knownHosts: '~/kh' };
    const person = watch('y', 'yes');
    desk.set(prompt('a', { kind: 'host-key', fields: [], hostKey }));
    await answered(1);
    desk.set(prompt('b', { kind: 'host-key', fields: [], hostKey }));
    await answered(2);
    expect(desk.answers).toEqual([
      ['a', null],
      ['b', []]
    ]);
    expect(person.seen.join('')).toContain('ED25519  SHA256:abc');
  });

  it('withdraws what was answered elsewhere, and asks the next', async () => {
    const person = watch();
    desk.set(prompt('a'));
    await waitUntil('it asks', async () => person.asked.length === 1);
    desk.set(prompt('b'));
    await waitUntil('it asks the next', async () => person.asked.length === 2);
    expect(person.seen.join('')).toContain('the question is over');
    expect(desk.answers).toEqual([]);
  });

  it('says that an answer came too late', async () => {
    const person = watch('pass', '1');
    desk.client.answerPrompt = () => Promise.reject(new SluiceError('prompt-over'));
    desk.set(prompt('a'));
    await waitUntil('it says so', async () => person.seen.join('').includes('answered elsewhere'));
  });
});
