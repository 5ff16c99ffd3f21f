import { sizeWords } from '../../shared/size-words';
import { markedUnsealedText } from '../../shared/unsealed-text';
import type { Spilled, TaskEvent } from '../../shared/wire/events';
import { plainText } from './plain-text';

/** A piece of output and where it belongs. */
export type Piece = { to: 'out' | 'err'; text: string };

/** What an event is in a terminal: the job's own bytes, as if it ran here, and what Sluice has to say. */
export function eventPieces(event: TaskEvent): Piece[] {
  const pieces = event.unverified === true ? [err(markedUnsealedText(event))] : sealedPieces(event);
  return pieces.filter(({ text }) => text !== '');
}

function sealedPieces(event: TaskEvent): Piece[] {
  switch (event.type) {
    case 'stream':
      return [{ to: event.data.name === 'stdout' ? 'out' : 'err', text: event.data.text }];
    case 'display_data':
    case 'execute_result': {
      const { data, spilled = [] } = event.data;
      return [
        { to: 'out', text: line(asText(data['text/plain'])) },
        ...spilled.map(part => spilledPiece(part, event.task))
      ];
    }
    case 'error':
      return [err(line(event.data.traceback.join('\n')))];
    case 'overflow':
      return [overflowPiece(event)];
    case 'notice':
      return [noticePiece(event)];
    case 'started':
    case 'update_display_data':
    case 'clear_output':
    case 'metric':
    case 'variable':
    case 'file':
    case 'files':
    case 'rehearsal':
    case 'finished':
      return [];
  }
}

const asText = (value: unknown): string =>
  Array.isArray(value) ? value.join('') : typeof value === 'string' ? value : '';

const line = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

const err = (text: string): Piece => ({ to: 'err', text });

const say = (words: string): Piece => err(`sluice: ${plainText(words)}\n`);

function spilledPiece({ mime, bytes }: Spilled, task: string): Piece {
  const what = `${mime} (${sizeWords(bytes)})`;
  return say(`too large to be shown here: ${what}; \`sluice fetch ${task}\` brings it`);
}

function overflowPiece({ task, data }: Extract<TaskEvent, { type: 'overflow' }>): Piece {
  const whole = `\`sluice logs ${task}\` shows all of it`;
  return data.bytes === null
    ? say(`it prints more than is shown here; ${whole}`)
    : say(`not shown: ${sizeWords(data.bytes)}; its last words follow; ${whole}`);
}

function noticePiece({ data }: Extract<TaskEvent, { type: 'notice' }>): Piece {
  const { cause, secondsLeft } = data;
  const words = cause === 'time-limit' ? 'the time limit is near' : 'the job was asked to leave';
  const left = secondsLeft === null ? '' : ` (${Math.max(0, Math.round(secondsLeft))} s left)`;
  return say(`${words}: saving what is there${left}`);
}
