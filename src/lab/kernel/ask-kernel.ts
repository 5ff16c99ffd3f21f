import type { Kernel, KernelMessage } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';
import { SluiceError } from '../../shared/errors';
import type { IClock } from '../clock';
import { type PageCallName, pageCallExpression } from './page-call';
import { parsePythonString } from './parse-python-string';
import { openSubshell } from './open-subshell';

export type KernelQuestion = {
  /** The capture kit's snippet, which makes the helper importable. */
  snippet: string;
  name: PageCallName;
  args: JSONObject;
};

/** How long the kernel may take from the moment it begins to answer. */
export const ANSWER_DEADLINE_MS = 120_000;

const ANSWER = 'answer';

/** How many questions are open, for each kernel. */
const open = new WeakMap<Kernel.IKernelConnection, number>();

/** Whether a question to the helper is open: what can wait lets it have its answer first. */
export function isBeingAsked(kernel: Kernel.IKernelConnection): boolean {
  return (open.get(kernel) ?? 0) > 0;
}

/**
 * Ask the kernel helper without a trace in the notebook: in a subshell where the kernel has them,
 * else in its turn after the running cell (waiting for that has no deadline; `signal` ends it).
 * Rejects with `kernel-silent`.
 */
export async function askKernel(
  kernel: Kernel.IKernelConnection,
  question: KernelQuestion,
  clock: IClock,
  signal?: AbortSignal
): Promise<unknown> {
  open.set(kernel, (open.get(kernel) ?? 0) + 1);
  let subshell: Kernel.IKernelConnection | null = null;
  try {
    subshell = await openSubshell(kernel, clock);
    const reply = await execute(subshell ?? kernel, question, clock, signal);
    return readAnswer(reply.content);
  } finally {
    open.set(kernel, (open.get(kernel) ?? 1) - 1);
    subshell?.dispose();
  }
}

function execute(
  kernel: Kernel.IKernelConnection,
  { snippet, name, args }: KernelQuestion,
  clock: IClock,
  signal?: AbortSignal
): Promise<KernelMessage.IExecuteReplyMsg> {
  const future = kernel.requestExecute({
    code: snippet,
    silent: true,
    store_history: false,
    allow_stdin: false,
    stop_on_error: false,
    user_expressions: { [ANSWER]: pageCallExpression(name, args) }
  });
  return new Promise((resolve, reject) => {
    const fail = (problem: string): void => {
      reject(new SluiceError('kernel-silent', { problem }));
      future.dispose();
    };
    let deadline: { dispose(): void } | null = null;
    future.onIOPub = message => {
      // Its own “busy” says that its turn has come.
      if (message.header.msg_type === 'status' && !deadline) {
        const seconds = ANSWER_DEADLINE_MS / 1000;
        deadline = clock.after(ANSWER_DEADLINE_MS, () => fail(`no answer within ${seconds} s`));
      }
    };
    const abort = (): void => fail('the wait for it was canceled');
    signal?.addEventListener('abort', abort);
    future.done
      .then(resolve, (cause: unknown) =>
        reject(new SluiceError('kernel-silent', { problem: 'it was restarted or died' }, { cause }))
      )
      .finally(() => {
        deadline?.dispose();
        signal?.removeEventListener('abort', abort);
      });
  });
}

function readAnswer(content: KernelMessage.IExecuteReplyMsg['content']): unknown {
  if (content.status !== 'ok') {
    const words =
      content.status === 'error' ? `${content.ename}: ${content.evalue}` : content.status;
    throw new SluiceError('kernel-silent', { problem: words });
  }
  const answer = content.user_expressions[ANSWER] as Answer | undefined;
  if (answer?.status === 'error') {
    throw new SluiceError('kernel-silent', { problem: `${answer.ename}: ${answer.evalue}` });
  }
  const text = parsePythonString(answer?.data['text/plain'] ?? '');
  if (text === null) {
    throw new SluiceError('kernel-silent', { problem: 'its answer cannot be read' });
  }
  return JSON.parse(text) as unknown;
}

type Answer =
  | { status: 'ok'; data: Record<string, string | undefined> }
  | { status: 'error'; ename: string; evalue: string };
