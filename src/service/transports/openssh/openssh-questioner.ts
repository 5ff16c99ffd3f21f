import { SluiceError } from '../../../shared/errors';
import type { ILoginAttempt, LoginQuestion } from '../login/login-prompter';
import { type AskpassCall, opensshQuestion } from './openssh-prompt';
import type { OpensshSettings } from './openssh-settings';
import { isPlain } from './openssh-words';

const MAX_SAID = 2000;

/** Puts what OpenSSH asks to a person, with what the server said before. */
export class OpensshQuestioner {
  #said: string[] = [];

  constructor(
    private readonly host: string,
    private readonly settings: OpensshSettings,
    private readonly attempt: ILoginAttempt
  ) {}

  /** A line of stderr: where it is not OpenSSH's own commentary, the server may have said it. */
  hear(line: string): void {
    if (isPlain(line)) {
      this.#said.push(line);
    }
  }

  /** Ask a person; gives the one line that OpenSSH waits for. */
  async ask(call: AskpassCall, signal: AbortSignal): Promise<string> {
    const { host, settings } = this;
    const said = this.#said.splice(0).join('\n').slice(-MAX_SAID);
    const question = opensshQuestion(call, { ...settings, host, said });
    try {
      const [answer = ''] = await this.attempt.ask(question, signal);
      return question.fields.length === 0 ? 'yes' : answer;
    } catch (error) {
      throw aboutKey(error, question);
    }
  }
}

/** Where nobody may be asked about a host key, the error says which. */
function aboutKey(error: unknown, { hostKey }: LoginQuestion): unknown {
  const isUnasked = error instanceof SluiceError && error.code === 'needs-login';
  if (!isUnasked || hostKey === undefined) {
    return error;
  }
  const { algorithm, fingerprint } = hostKey;
  const key = `its host key is not known yet (${algorithm}, ${fingerprint})`;
  const problem = `${key}: ${String(error.details.problem)}`;
  return new SluiceError(
    'needs-login',
    { ...error.details, ...hostKey, problem },
    { cause: error }
  );
}
