import type { ISessionContext } from '@jupyterlab/apputils';
import { SluiceError } from '../../shared/errors';
import type { Capture } from '../../shared/wire/capture';
import type { IClock } from '../clock';
import type { ISluiceService } from '../service';
import { askKernel } from './ask-kernel';
import { captureOfObstacle } from './capture-of-obstacle';
import { checkKernel } from './check-kernel';

/** What a person chose of what travels, and whether it has to be written at all. */
export type CaptureChoice = {
  /** Names that stay here. */
  exclude?: string[];
  /** Names that the cells which made them make there again. */
  recompute?: string[];
  /** Of frames by name: the columns that travel. */
  columns?: Record<string, string[]>;
  /** The target whose limits count; null or absent: the default one's. */
  target?: string | null;
  /** False: only look, so that the answer comes at once; nothing is written for it. */
  write?: boolean;
};

/**
 * What the kernel says the cell needs. Where it cannot say anything, the answer is a capture that
 * holds the reason: the service then refuses the task in words and lists it. Rejects only when the
 * service itself cannot be asked, or after the abort of `signal`.
 */
export async function askCapture(
  service: ISluiceService,
  session: ISessionContext,
  source: string,
  clock: IClock,
  signal: AbortSignal,
  { target = null, ...choice }: CaptureChoice = {}
): Promise<Capture> {
  const kit = await service.captureKit(target === null ? {} : { target });
  try {
    const kernel = await checkKernel(session, clock);
    const { snippet, spool, noncePath, maxVariableBytes } = kit;
    const args = { source, spool, noncePath, maxVariableBytes, ...choice };
    const question = { snippet, name: 'capture', args } as const;
    // The service checks the answer against the schema; here it only passes through.
    return (await askKernel(kernel, question, clock, signal)) as Capture;
  } catch (error) {
    if (error instanceof SluiceError && !signal.aborted) {
      return captureOfObstacle(error, languageOf(error));
    }
    throw error;
  }
}

function languageOf(error: SluiceError): string {
  return error.code === 'kernel-not-python' ? String(error.details['language']) : 'python';
}
