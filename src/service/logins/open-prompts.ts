import { SluiceError } from '../../shared/errors';
import type { Prompt } from '../../shared/wire/prompt';
import type { LoginQuestion } from '../transports/login/login-prompter';
import { cleanLabel, cleanText } from './clean-words';

/** How long a question stays open; servers give a login two minutes as a rule. */
export const PROMPT_MS = 150_000;

/** Time, as far as prompts need it. */
export type PromptClock = {
  readonly nowMs: () => number;
  readonly elapsedMs: () => number;
  readonly delay: (ms: number, signal?: AbortSignal) => Promise<void>;
};

export type OpenPromptsOptions = {
  clock: PromptClock;
  /** A word that nobody can guess. */
  newId: () => string;
  opened: (id: string) => void;
  closed: (id: string) => void;
};

/** Answers, or how it ended without any. */
export type PromptEnd = string[] | 'given-up' | 'expired' | 'withdrawn';

type OpenPrompt = { shape: Omit<Prompt, 'isShown'>; settle: (end: PromptEnd) => void };

/** The questions that wait for a person. Answers pass through to who asked, and are kept nowhere. */
export class OpenPrompts {
  private readonly open = new Map<string, OpenPrompt>();

  constructor(private readonly options: OpenPromptsOptions) {}

  get all(): Omit<Prompt, 'isShown'>[] {
    return [...this.open.values()].map(({ shape }) => shape);
  }

  get(id: string): Omit<Prompt, 'isShown'> | undefined {
    return this.open.get(id)?.shape;
  }

  /** Open a question; resolves with how it ended, at the latest when its time is over. */
  async ask(question: LoginQuestion, target: string, signal: AbortSignal): Promise<PromptEnd> {
    const { clock, opened, closed } = this.options;
    const shape = this.shape(question, target);
    const over = new AbortController();
    const withdraw = (): void => {
      this.open.get(shape.id)?.settle('withdrawn');
    };
    const ended = new Promise<PromptEnd>(resolve => {
      this.open.set(shape.id, { shape, settle: resolve });
    });
    signal.addEventListener('abort', withdraw);
    try {
      opened(shape.id);
      if (signal.aborted) {
        withdraw();
      }
      const expired = clock.delay(PROMPT_MS, over.signal).then((): PromptEnd => 'expired');
      return await Promise.race([ended, expired]);
    } finally {
      signal.removeEventListener('abort', withdraw);
      over.abort();
      this.open.delete(shape.id);
      closed(shape.id);
    }
  }

  /**
   * Answer a question, or give it up with null; once.
   *
   * Errors: `prompt-over`; `request-invalid` where the answers are not as many as its fields.
   */
  answer(id: string, answers: string[] | null): void {
    const prompt = this.open.get(id);
    if (prompt === undefined) {
      throw new SluiceError('prompt-over');
    }
    const { length } = prompt.shape.fields;
    if (answers !== null && answers.length !== length) {
      const problem = `${answers.length} answers for a question with ${length} fields`;
      throw new SluiceError('request-invalid', { problem });
    }
    // At once, not with the promise: a second answer finds it over.
    this.open.delete(id);
    prompt.settle(answers ?? 'given-up');
  }

  private shape(question: LoginQuestion, target: string): Omit<Prompt, 'isShown'> {
    const { host, kind, text, fields, hostKey } = question;
    const { clock, newId } = this.options;
    const openedAt = clock.nowMs();
    return {
      id: newId(),
      target,
      host: cleanLabel(host),
      kind,
      text: cleanText(text),
      fields: fields.map(({ label, secret }) => ({ label: cleanLabel(label), secret })),
      hostKey:
        hostKey === undefined
          ? null
          : {
              algorithm: cleanLabel(hostKey.algorithm),
              fingerprint: cleanLabel(hostKey.fingerprint),
              knownHosts: hostKey.knownHosts
            },
      openedAt,
      expiresAt: openedAt + PROMPT_MS
    };
  }
}
