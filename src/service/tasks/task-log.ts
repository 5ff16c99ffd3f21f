import { shQuote } from '../../shared/sh-quote';
import type { TaskEvent } from '../../shared/wire/events';
import type { EventStore } from '../store/event-store';
import type { TaskRecord } from '../store/task-record';
import type { Hosts } from './hosts';

const PAGE = 1000;
const JOB_LOG_BYTES = 64 * 1024;
const TIMEOUT_MS = 30_000;

function textOf(event: TaskEvent): string {
  switch (event.type) {
    case 'stream':
      return event.data.text;
    case 'error':
      return `${event.data.traceback.join('\n')}\n`;
    case 'execute_result':
    case 'display_data': {
      const plain = event.data.data['text/plain'];
      return typeof plain === 'string' ? `${plain}\n` : '';
    }
    default:
      return '';
  }
}

/** What a task printed, as one text. */
export class TaskLog {
  constructor(
    private readonly events: EventStore,
    private readonly hosts: Hosts
  ) {}

  /** The outputs in order; where the worker said nothing, the job's own log. */
  async read(record: TaskRecord): Promise<Buffer> {
    const parts: string[] = [];
    let after = 0;
    for (;;) {
      const page = this.events.after(record.id, after, PAGE);
      parts.push(...page.map(textOf));
      after = page.at(-1)?.index ?? after;
      if (page.length < PAGE) {
        break;
      }
    }
    if (after > 0 || record.place === null) {
      return Buffer.from(parts.join(''));
    }
    return this.jobLog(record, record.place);
  }

  private async jobLog(
    record: TaskRecord,
    place: NonNullable<TaskRecord['place']>
  ): Promise<Buffer> {
    const path = `${place.root}/runs/${record.id}/job.log`;
    const script = `[ ! -f ${shQuote(path)} ] || tail -c ${JOB_LOG_BYTES} ${shQuote(path)}`;
    const transport = this.hosts.transport(place);
    const { stdout } = await transport.run(script, {
      action: 'read the job’s log',
      timeoutMs: TIMEOUT_MS
    });
    return stdout;
  }
}
