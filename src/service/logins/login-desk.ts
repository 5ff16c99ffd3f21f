import type { Prompt } from '../../shared/wire/prompt';
import type { ILoginPrompter } from '../transports/login/login-prompter';
import { HostPrompter } from './host-prompter';
import { OpenPrompts, type PromptClock } from './open-prompts';
import { Permissions } from './permissions';

/** A host, as its connection is shared. */
export type HostAddress = { host: string | null; sshConfig: string | null };

export type DeskListener = {
  /** A login asks something, or who shows it changed. */
  prompt?: (prompt: Prompt) => void;
  /** It was answered, given up, or its time is over. */
  closed?: (id: string) => void;
  /** Any of this. */
  changed?: () => void;
};

export type LoginDeskOptions = {
  clock: PromptClock;
  /** A word that nobody can guess. */
  newId: () => string;
};

const keyOf = ({ host, sshConfig }: HostAddress): string => JSON.stringify([host, sshConfig]);

/**
 * Where logins meet persons. A login may ask only after an action of a person that needs its host;
 * whoever shows questions to a person answers them here. What is typed goes to the login and nowhere else.
 */
export class LoginDesk {
  private readonly listeners = new Set<DeskListener>();
  private readonly showers = new Set<symbol>();
  private readonly names = new Map<string, string>();
  private readonly permissions: Permissions;
  private readonly prompts: OpenPrompts;
  /** From the clock, so that what a client knew of an earlier service is no news of this one. */
  private changes: number;

  constructor({ clock, newId }: LoginDeskOptions) {
    this.permissions = new Permissions(clock.elapsedMs);
    this.changes = clock.nowMs();
    this.prompts = new OpenPrompts({
      clock,
      newId,
      opened: id => {
        this.tellOpen(id);
      },
      closed: id => {
        this.tell(({ closed }) => closed?.(id));
      }
    });
  }

  /** The prompter for the logins of one host. */
  prompter(address: HostAddress): ILoginPrompter {
    const key = keyOf(address);
    return new HostPrompter({
      key,
      prompts: this.prompts,
      permissions: this.permissions,
      target: () => this.names.get(key) ?? address.host ?? ''
    });
  }

  /**
   * A person's action needs the host: within a minute, one login of it may ask. The returned function
   * says that the action is done.
   */
  allow(address: HostAddress, target: string): () => void {
    this.name(address, target);
    return this.permissions.give(keyOf(address));
  }

  /** Whose name messages about the host are to use. */
  name(address: HostAddress, target: string): void {
    this.names.set(keyOf(address), target);
  }

  /** Questions that nobody has answered, oldest first. */
  get open(): Prompt[] {
    return this.prompts.all.map(prompt => ({ ...prompt, isShown: this.isShown }));
  }

  /** Grows with each change of what is open. */
  get revision(): number {
    return this.changes;
  }

  /** Whether somebody shows questions to a person. */
  get isShown(): boolean {
    return this.showers.size > 0;
  }

  /** Answer a question, or give it up with null. Errors: `prompt-over`, `request-invalid`. */
  answer(id: string, answers: string[] | null): void {
    this.prompts.answer(id, answers);
  }

  /** Somebody shows questions until the returned function is called. */
  show(): () => void {
    const shower = Symbol('shows prompts');
    const change = (act: () => void): void => {
      const before = this.isShown;
      act();
      if (this.isShown !== before) {
        this.retell();
      }
    };
    change(() => this.showers.add(shower));
    return () => {
      change(() => this.showers.delete(shower));
    };
  }

  listen(listener: DeskListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private tellOpen(id: string): void {
    const shape = this.prompts.get(id);
    if (shape !== undefined) {
      const prompt = { ...shape, isShown: this.isShown };
      this.tell(({ prompt: hear }) => hear?.(prompt));
    }
  }

  /** Who shows them changed: an open question is told again. */
  private retell(): void {
    this.prompts.all.forEach(({ id }) => {
      this.tellOpen(id);
    });
  }

  private tell(call: (listener: DeskListener) => void): void {
    this.changes += 1;
    for (const listener of this.listeners) {
      call(listener);
      listener.changed?.();
    }
  }
}
