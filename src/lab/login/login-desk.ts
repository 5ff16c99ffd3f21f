import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Problem } from '../../shared/errors';
import type { Prompt } from '../../shared/wire/prompt';
import type { IClock } from '../clock';
import type { INewsStream, ISluiceService } from '../service';
import { type ITaskStore, toProblem } from '../tasks/task-store';

/** What the login dialog shows; null: there is none. */
export type DeskView =
  | {
      kind: 'prompt';
      prompt: Prompt;
      /** The answers are on their way. */
      isSending: boolean;
      /** Why they did not get there. */
      problem: Problem | null;
    }
  /** It was answered; the host checks it, and may ask something else. */
  | { kind: 'waiting'; host: string; target: string };

type DeskOptions = {
  service: ISluiceService;
  store: ITaskStore;
  clock: IClock;
  /** A page that nobody looks at keeps its questions until somebody does. */
  isPageVisible(): boolean;
};

/** The question was answered elsewhere, or too late. */
const OVER: ReadonlySet<string> = new Set(['not-found', 'prompt-over']);

/** A host may wait as long as this for a person's phone. */
const CHECK_MS = 150_000;
/** How long the next round may take to come, where nobody tells how far a login is. */
const ROUND_MS = 2000;

/**
 * The questions of logins, one at a time, in the order in which they came. Keeps nothing of what was
 * answered.
 */
export class LoginDesk implements IDisposable {
  constructor(private readonly _options: DeskOptions) {
    const { service, store } = _options;
    const { stream } = service;
    stream.prompted.connect(this._onPrompted, this);
    stream.promptClosed.connect(this._onClosed, this);
    stream.connectedChanged.connect(this._onConnectedChanged, this);
    store.targetsChanged.connect(this._onTargetsChanged, this);
    stream.showPrompts();
  }

  /** Emitted when `view` may be another one. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get view(): DeskView | null {
    const prompt = this._current;
    if (prompt) {
      return { kind: 'prompt', prompt, isSending: this._isSending, problem: this._problem };
    }
    return this._waiting && { kind: 'waiting', ...this._waiting };
  }

  /** One answer for each field of the question that is shown. */
  async answer(answers: string[]): Promise<void> {
    const prompt = this._current;
    if (prompt && !this._isSending) {
      await this._send(prompt, answers);
    }
  }

  /** Give up the login that asks. */
  async giveUp(): Promise<void> {
    const prompt = this._current;
    if (prompt && !this._isSending) {
      await this._send(prompt, null);
    }
  }

  /** Wait no longer in sight for a host that checks an answer. */
  hide(): void {
    this._stopWaiting();
    this._update();
  }

  /** Somebody may look at the page now. */
  look(): void {
    this._update();
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._stopWaiting();
      Signal.clearData(this);
    }
  }

  private async _send(prompt: Prompt, answers: string[] | null): Promise<void> {
    this._isSending = true;
    this._problem = null;
    this._changed.emit(undefined);
    try {
      await this._options.service.answerPrompt(prompt.id, answers);
      this._prompts.delete(prompt.id);
      if (answers !== null) {
        this._wait(prompt);
      }
    } catch (error) {
      const problem = toProblem(error);
      if (OVER.has(problem.code)) {
        this._prompts.delete(prompt.id);
      } else {
        this._problem = problem;
      }
    } finally {
      this._isSending = false;
      this._update();
    }
  }

  private _wait({ host, target }: Prompt): void {
    const ms = this._isBusy(target) === null ? ROUND_MS : CHECK_MS;
    const timer = this._options.clock.after(ms, () => this.hide());
    this._waiting = { host, target };
    this._stopTimer = () => timer.dispose();
  }

  private _stopWaiting(): void {
    this._stopTimer();
    this._stopTimer = () => undefined;
    this._waiting = null;
  }

  /** Whether the host of a target is logging in; null: nobody tells. */
  private _isBusy(target: string): boolean | null {
    const known = this._options.store.targets?.targets.find(({ name }) => name === target);
    const state = known?.connection?.state;
    return state === undefined ? null : state === 'connecting' || state === 'asking';
  }

  private _onPrompted(_: INewsStream, prompt: Prompt): void {
    this._prompts.set(prompt.id, prompt);
    this._update();
  }

  private _onClosed(_: INewsStream, id: string): void {
    // While the answer is on its way the end of the question is no news.
    if (!(this._isSending && this._current?.id === id)) {
      this._prompts.delete(id);
      this._update();
    }
  }

  private _onConnectedChanged(_: INewsStream, isConnected: boolean): void {
    if (isConnected && this._prompts.size > 0) {
      void this._reload();
    }
  }

  /** Some may have ended while there was no connection. */
  private async _reload(): Promise<void> {
    try {
      const prompts = await this._options.service.prompts();
      this._prompts = new Map(prompts.map(prompt => [prompt.id, prompt]));
      this._update();
    } catch {
      // Those that are over say so when they are answered; what is wrong is told by the store.
      await this._options.store.refresh();
    }
  }

  private _onTargetsChanged(): void {
    if (this._waiting && this._isBusy(this._waiting.target) === false) {
      this.hide();
    }
  }

  /** Go on with the question that is shown; when that is over, with the next. */
  private _update(): void {
    const known = this._current && this._prompts.get(this._current.id);
    if (!known) {
      const isVisible = this._options.isPageVisible();
      this._current = isVisible ? ([...this._prompts.values()][0] ?? null) : null;
      if (this._current) {
        this._problem = null;
        this._stopWaiting();
      }
    }
    this._changed.emit(undefined);
  }

  private readonly _changed = new Signal<this, void>(this);
  private _prompts = new Map<string, Prompt>();
  private _current: Prompt | null = null;
  private _isSending = false;
  private _problem: Problem | null = null;
  private _waiting: { host: string; target: string } | null = null;
  private _stopTimer: () => void = () => undefined;
  private _isDisposed = false;
}
