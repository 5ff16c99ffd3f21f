import type { TaskEvent } from '../../shared/wire/events';

/** A piece of output and where it belongs. */
export type Piece = { to: 'out' | 'err'; text: string };

const asText = (value: unknown): string =>
  Array.isArray(value) ? value.join('') : typeof value === 'string' ? value : '';

const line = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

/** What an event is in a terminal: the job's own bytes, as if it ran here; null: nothing. */
export function eventPiece(event: TaskEvent): Piece | null {
  switch (event.type) {
    case 'stream':
      return { to: event.data.name === 'stdout' ? 'out' : 'err', text: event.data.text };
    case 'display_data':
    case 'execute_result':
      return { to: 'out', text: line(asText(event.data.data['text/plain'])) };
    case 'error':
      return { to: 'err', text: line(event.data.traceback.join('\n')) };
    case 'started':
    case 'update_display_data':
    case 'clear_output':
    case 'metric':
    case 'variable':
    case 'file':
    case 'files':
    case 'rehearsal':
    case 'overflow':
    case 'notice':
    case 'finished':
      return null;
  }
}
