import { SluiceError } from '../../shared/errors';
import type {
  ILoginAttempt,
  ILoginPrompter,
  LoginQuestion
} from '../transports/login/login-prompter';
import type { OpenPrompts } from './open-prompts';
import type { Permissions } from './permissions';

export type HostPrompterOptions = {
  /** Names the host. */
  key: string;
  prompts: OpenPrompts;
  permissions: Permissions;
  /** Name of a target that uses the host. */
  target: () => string;
};

const NOBODY_ASKED: Readonly<Record<LoginQuestion['kind'], string>> = {
  'host-key': 'nobody has accepted it',
  password: 'it wants your password',
  passphrase: 'your key wants its passphrase',
  question: 'it asks you something, such as a code'
};
const NOBODY_ANSWERED = 'nobody answered its question in time';

/** Lets the logins of one host ask a person, once for each action of a person. */
export class HostPrompter implements ILoginPrompter {
  constructor(private readonly options: HostPrompterOptions) {}

  get mayAsk(): boolean {
    return this.options.permissions.has(this.options.key);
  }

  begin(): ILoginAttempt {
    return new LoginAttempt(this.options);
  }
}

class LoginAttempt implements ILoginAttempt {
  private readonly over = new AbortController();
  private isAllowed: boolean;
  private asked = false;

  constructor(private readonly options: HostPrompterOptions) {
    this.isAllowed = options.permissions.take(options.key);
  }

  get hasAsked(): boolean {
    return this.asked;
  }

  async ask(question: LoginQuestion, signal: AbortSignal): Promise<string[]> {
    const { prompts, permissions, key, target } = this.options;
    // A person may have come while a login of the background was under way.
    this.isAllowed ||= permissions.take(key);
    if (!this.isAllowed || this.over.signal.aborted) {
      throw this.needsLogin(question, NOBODY_ASKED[question.kind]);
    }
    signal.throwIfAborted();
    this.asked = true;
    const end = await prompts.ask(question, target(), AbortSignal.any([signal, this.over.signal]));
    switch (end) {
      case 'given-up':
        throw new SluiceError('login-canceled', {
          host: question.host,
          target: target(),
          question: question.kind
        });
      case 'expired':
        throw this.needsLogin(question, NOBODY_ANSWERED);
      case 'withdrawn':
        signal.throwIfAborted();
        throw this.needsLogin(question, 'the login ended while it asked');
      default:
        return end;
    }
  }

  end(): void {
    this.over.abort();
    // Who came while it went on has waited for it too.
    this.options.permissions.take(this.options.key);
  }

  private needsLogin({ host, kind }: LoginQuestion, problem: string): SluiceError {
    const details = { host, target: this.options.target(), problem, question: kind };
    return new SluiceError('needs-login', details);
  }
}
