import type { KernelMessage } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';

type Behaviour = {
  hasSubshells: boolean;
  status: string;
  language: string;
  /** Name of the exception that the helper raises. */
  error: string | null;
  /** Never answers. */
  isSilent: boolean;
};

type Request = Partial<KernelMessage.IExecuteRequestMsg['content']>;

/** Of a kernel connection, what asking the helper needs; answers with one value. */
export class FakeKernel {
  readonly id = 'kernel-1';
  readonly asked: { subshell: string | null; content: Request }[] = [];
  readonly statusChanged = new Signal<this, void>(this);
  openSubshells = 0;
  private readonly _behaviour: Behaviour;
  private _sayBusy: () => void = () => undefined;
  private _wasAsked: () => void = () => undefined;
  /** Resolved when a request has arrived. */
  readonly wasAsked = new Promise<void>(resolve => (this._wasAsked = resolve));

  constructor(
    private readonly _answer: unknown,
    behaviour: Partial<Behaviour> = {}
  ) {
    this._behaviour = {
      hasSubshells: false,
      status: 'idle',
      language: 'python',
      error: null,
      isSilent: false,
      ...behaviour
    };
  }

  get status(): string {
    return this._behaviour.status;
  }

  /** Become busy, idle, dead, … */
  become(status: string): void {
    this._behaviour.status = status;
    this.statusChanged.emit(undefined);
  }

  get info(): Promise<unknown> {
    return Promise.resolve({ language_info: { name: this._behaviour.language } });
  }

  get supportsSubshells(): boolean {
    return this._behaviour.hasSubshells;
  }

  requestCreateSubshell(): unknown {
    return { done: Promise.resolve({ content: { subshell_id: 'subshell-1' } }) };
  }

  clone({ subshellId }: { subshellId: string }): unknown {
    this.openSubshells += 1;
    return {
      requestExecute: (content: Request) => this._execute(subshellId, content),
      dispose: () => (this.openSubshells -= 1)
    };
  }

  requestExecute(content: Request): unknown {
    return this._execute(null, content);
  }

  /** Tell the last request that its turn has come. */
  sayBusy(): void {
    this._sayBusy();
  }

  private _execute(subshell: string | null, content: Request): unknown {
    this.asked.push({ subshell, content });
    let end: (error: Error) => void = () => undefined;
    const done = new Promise((resolve, reject) => {
      end = reject;
      if (!this._behaviour.isSilent) {
        resolve({ content: this._reply() });
      }
    });
    const future = {
      done,
      onIOPub: (_: unknown): void => undefined,
      dispose: () => end(new Error('Canceled future'))
    };
    this._sayBusy = () => future.onIOPub({ header: { msg_type: 'status' } });
    this._wasAsked();
    return future;
  }

  private _reply(): unknown {
    const { error } = this._behaviour;
    const answer =
      error === null
        ? { status: 'ok', data: { 'text/plain': pythonRepr(JSON.stringify(this._answer)) } }
        : { status: 'error', ename: error, evalue: 'no such thing' };
    return { status: 'ok', user_expressions: { answer } };
  }
}

function pythonRepr(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
