import { SluiceError } from '../../shared/errors';
import type { Prompt } from '../../shared/wire/prompt';
import { plainText } from '../print/plain-text';
import type { ServiceAccess } from '../service/service-access';
import { askPrompt } from './ask-prompt';
import type { ITerminal } from './terminal';

const WAIT_MS = 20_000;

type Asking = { id: string; withdraw: AbortController };

/** Shows the questions of logins on a terminal while a command waits. */
export class PromptWatch {
  private readonly asked = new Set<string>();
  private asking: Asking | null = null;
  private open: readonly Prompt[] = [];

  constructor(
    private readonly access: ServiceAccess,
    private readonly terminal: ITerminal
  ) {}

  /** Until the signal aborts: each question once, one after the other. */
  async run(over: AbortSignal): Promise<void> {
    let revision: number | undefined;
    over.addEventListener('abort', () => this.asking?.withdraw.abort());
    while (!over.aborted) {
      const known = revision;
      const news = await this.access.ask(client =>
        client.promptNews({ revision: known, waitMs: WAIT_MS }, over)
      );
      revision = news.revision;
      this.open = news.prompts;
      this.heed(over);
    }
  }

  private heed(over: AbortSignal): void {
    if (this.asking !== null) {
      const { id, withdraw } = this.asking;
      if (!this.open.some(prompt => prompt.id === id)) {
        withdraw.abort();
      }
      return;
    }
    const next = this.open.find(({ id }) => !this.asked.has(id));
    if (next !== undefined && !over.aborted) {
      void this.ask(next, over);
    }
  }

  private async ask(prompt: Prompt, over: AbortSignal): Promise<void> {
    const { id } = prompt;
    const withdraw = new AbortController();
    this.asked.add(id);
    this.asking = { id, withdraw };
    const answers = await askPrompt(this.terminal, prompt, withdraw.signal);
    if (withdraw.signal.aborted) {
      this.terminal.say('\nsluice: the question is over\n');
    } else {
      await this.answer(id, answers);
    }
    this.asking = null;
    this.heed(over);
  }

  private async answer(id: string, answers: string[] | null): Promise<void> {
    try {
      await this.access.ask(client => client.answerPrompt(id, answers));
    } catch (error) {
      if (!(error instanceof SluiceError)) {
        throw error;
      }
      this.terminal.say(`sluice: ${plainText(error.message)}\n`);
    }
  }
}
