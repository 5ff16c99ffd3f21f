import { PassThrough, type Readable } from 'node:stream';
import { SluiceError } from '../../shared/errors';
import { shQuote } from '../../shared/sh-quote';
import type { TaskRecord } from '../store/task-record';
import type { IRemoteStream } from '../transports/transport';
import type { Hosts } from './hosts';

const START_TIMEOUT_MS = 60_000;
/** Nothing moved for so long, here or there. */
const SILENCE_MS = 300_000;
const NO_FOLDER = 66;

/** What a task left in its directories on the host. */
export class TaskArchive {
  constructor(private readonly hosts: Hosts) {}

  /**
   * The newest attempt's `results/`, `work/` and large `outputs/` as a tar, as it comes: never all
   * in memory. It ends with an error where it is cut; `gone` ends it.
   *
   * Errors: `not-found` when the task never reached a host, `download-failed`, and those of the
   * transport.
   */
  async read(record: TaskRecord, gone: AbortSignal): Promise<Readable> {
    const { place, id, attempt } = record;
    if (place === null) {
      throw new SluiceError('not-found', { what: 'file of task', id });
    }
    const path = `${place.root}/runs/${id}/attempts/${attempt}`;
    const transport = this.hosts.transport(place);
    const script = [
      `cd ${shQuote(path)} 2>/dev/null || exit ${NO_FOLDER}`,
      // It is made with the first of them.
      'set -- results work; [ ! -d outputs ] || set -- "$@" outputs',
      'exec tar -cf - "$@"'
    ].join('\n');
    const how = { action: 'fetch the files', timeoutMs: START_TIMEOUT_MS };
    const stream = await transport.stream(script, how);
    const fault = (problem: string): SluiceError =>
      new SluiceError('download-failed', { path, host: transport.host, problem });
    if (await isEmpty(stream)) {
      const status = await stream.closed;
      throw fault(status === NO_FOLDER ? 'it is not there any more' : `tar ended with ${status}`);
    }
    return passOn(stream, fault, gone);
  }
}

/** Whether the stream ends before anything came. */
function isEmpty({ output }: IRemoteStream): Promise<boolean> {
  return new Promise((resolve, reject) => {
    output.once('readable', () => {
      resolve(output.readableLength === 0);
    });
    output.once('end', () => {
      resolve(true);
    });
    output.once('error', reject);
  });
}

function passOn(
  stream: IRemoteStream,
  fault: (problem: string) => SluiceError,
  gone: AbortSignal
): Readable {
  const passed = new PassThrough();
  const silence = setTimeout(() => {
    passed.destroy(fault('nothing came for five minutes'));
  }, SILENCE_MS);
  const leave = (): void => {
    passed.destroy();
  };
  gone.addEventListener('abort', leave);
  stream.output.on('data', () => silence.refresh());
  stream.output.pipe(passed, { end: false });
  stream.output.once('error', error => passed.destroy(error));
  passed.once('close', () => {
    clearTimeout(silence);
    gone.removeEventListener('abort', leave);
    stream.close();
  });
  stream.output.once('end', () => {
    void stream.closed.then(status => {
      // What did not come whole must not look as if it had.
      if (status === 0) {
        passed.end();
      } else {
        const problem = status === null ? 'the connection was lost' : `tar ended with ${status}`;
        passed.destroy(fault(problem));
      }
    });
  });
  return passed;
}
